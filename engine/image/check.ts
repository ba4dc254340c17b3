/** Checks a rule file, and makes a short note of what the whole set needs to know of its rules. */
import { checkExamples } from '../check/examples.js';
import { checkEffect } from '../check/lint.js';
import type { CommandTable } from '../check/reach.js';
import { leavesOf } from '../condition.js';
import { factDefinition } from '../facts.js';
import { operatorDefinition } from '../operators.js';
import type { Report } from '../parse/node.js';
import { parseRule, type Rule } from '../parse/rules.js';
import { createObservedScope, type Basis, type HashedDefinitions } from './basis.js';
import { ruleCount, ruleNode, type PackedDocument } from './document.js';
import { outlinesOf, type Outlines } from './outline.js';

/** What came of a check, as plain data. It holds as long as its basis does. */
export interface CheckedDocument {
  /** Of the rules that could be understood. */
  readonly outlines: Outlines;
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
  const rules: (readonly [position: number, rule: Rule])[] = [];
  for (let position = 0; position < ruleCount(document); position += 1) {
    const rule = parseRule(ruleNode(document, position), { ...scope, platforms }, report);
    if (rule === undefined) continue;
    await checkExamples(rule, report);
    checkEffect(rule, commands, platforms, report);
    rules.push([position, rule]);
  }
  const wordLists = new Set(rules.flatMap(([, rule]) => wordListsOf(rule)));
  return { outlines: outlinesOf(rules), wordLists: [...wordLists], basis: basis() };
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
