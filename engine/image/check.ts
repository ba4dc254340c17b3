/** Checks a rule file, and makes a short note of what the whole set needs to know of its rules. */
import { checkExamples } from '../check/examples.js';
import { checkEffect } from '../check/lint.js';
import type { CommandTable } from '../check/reach.js';
import { reachKeys, type ReachKeys } from '../check/reach-keys.js';
import { leavesOf } from '../condition.js';
import { factDefinition } from '../facts.js';
import { anchorsOf, type Anchor } from '../index/anchors.js';
import { operatorDefinition } from '../operators.js';
import type { Report } from '../parse/node.js';
import { parseRule, type Rule } from '../parse/rules.js';
import { createObservedScope, type Basis, type HashedDefinitions } from './basis.js';
import { ruleCount, ruleNode, type PackedDocument } from './document.js';
import { decodeJson, encodeJson } from './json-bytes.js';

/** A rule, told in short. */
export interface Outline extends Pick<Rule, 'id' | 'priority' | 'mode' | 'kinds' | 'stages'> {
  /** Its place in the file, from 0. */
  readonly position: number;
  readonly hasVerdict: boolean;
  /** `null` when it must always be tested. */
  readonly anchors: readonly Anchor[] | null;
  readonly reach: ReachKeys;
}

/** What came of a check. It holds as long as its basis does. */
export interface CheckedDocument {
  /** {@link Outline}s of the rules that could be understood, as JSON. */
  readonly outlines: Uint8Array;
  /** Named lists whose entries are looked for in texts. */
  readonly wordLists: readonly string[];
  readonly basis: Basis;
}

export interface CheckContext {
  readonly definitions: HashedDefinitions;
  readonly commands: CommandTable;
  readonly platforms: readonly string[];
}

/** Checks every rule of a file by itself. */
export async function checkDocument(
  document: PackedDocument,
  { definitions, commands, platforms }: CheckContext,
  report: Report,
): Promise<CheckedDocument> {
  const { scope, basis } = createObservedScope(definitions);
  const outlines: Outline[] = [];
  const wordLists = new Set<string>();
  for (let position = 0; position < ruleCount(document); position += 1) {
    const rule = parseRule(ruleNode(document, position), { ...scope, platforms }, report);
    if (rule === undefined) continue;
    await checkExamples(rule, report);
    checkEffect(rule, commands, platforms, report);
    outlines.push(outlineOf(rule, position));
    for (const name of wordListsOf(rule)) wordLists.add(name);
  }
  return { outlines: encodeJson(outlines), wordLists: [...wordLists], basis: basis() };
}

/** The outlines of a checked file, in file order. */
export function outlinesOf({ outlines }: CheckedDocument): readonly Outline[] {
  // Written by `checkDocument`, and by nobody else.
  return decodeJson(outlines) as readonly Outline[];
}

function outlineOf(rule: Rule, position: number): Outline {
  const { id, priority, mode, kinds, stages, condition, effects } = rule;
  const anchors = anchorsOf(condition) ?? null;
  const hasVerdict = effects.verdict !== null;
  return { position, id, priority, mode, kinds, stages, hasVerdict, anchors, reach: reachKeys(condition) };
}

function wordListsOf({ condition, effects }: Rule): readonly string[] {
  const looked = [...leavesOf(condition)].flatMap(({ fact, operator, right }) =>
    right.type === 'operand' &&
    typeof right.operand === 'object' &&
    'words' in right.operand &&
    operatorDefinition(operator).operand === 'words' &&
    factDefinition(fact).type === 'string'
      ? [right.operand.name]
      : [],
  );
  const masked = effects.rewrites.flatMap(({ change }) => (change.type === 'mask' ? [change.list.name] : []));
  return [...looked, ...masked].filter((name) => name !== '');
}
