/** Checks a rule file, and makes a short note of what the whole set needs to know of its rules. */
import { checkExamples } from '../check/examples.js';
import { checkEffect } from '../check/lint.js';
import type { CommandTable } from '../check/reach.js';
import { leavesOf } from '../condition.js';
import { factDefinition } from '../facts.js';
import type { LiveUse } from '../live/live-lists.js';
import type { SubjectNames } from '../memory.js';
import { operatorDefinition } from '../operators.js';
import type { Report } from '../parse/node.js';
import { parseRule, type Rule } from '../parse/rules.js';
import { createObservedScope, type Basis, type HashedDefinitions } from './basis.js';
import { ruleCount, ruleNode, type PackedDocument } from './document.js';
import { outlinesOf, type Outlines } from './outline.js';
import { subjectNamesOf } from './subject-names.js';

/** What came of a check, as plain data. It holds as long as its basis does. */
export interface CheckedDocument {
  /** Of the rules that could be understood. */
  readonly outlines: Outlines;
  /** How named lists are asked, besides whether they have an entry. */
  readonly listUses: readonly ListUse[];
  /** Ladders and labels that the rules name. */
  readonly subjectNames: SubjectNames;
  readonly basis: Basis;
}

export type ListUse = readonly [list: string, use: LiveUse];

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
  const { scope, basis } = createObservedScope(definitions, platforms);
  const rules: (readonly [position: number, rule: Rule])[] = [];
  for (let position = 0; position < ruleCount(document); position += 1) {
    const rule = parseRule(ruleNode(document, position), scope, report);
    if (rule === undefined) continue;
    await checkExamples(rule, report);
    checkEffect(rule, commands, platforms, report);
    rules.push([position, rule]);
  }
  const uses = new Map(
    rules.flatMap(([, rule]) => listUsesOf(rule)).map((one) => [JSON.stringify(one), one]),
  );
  return {
    outlines: outlinesOf(rules),
    listUses: [...uses.values()],
    subjectNames: subjectNamesOf(rules.map(([, rule]) => rule)),
    basis: basis(),
  };
}

function listUsesOf({ condition, effects }: Rule): readonly ListUse[] {
  const looked = [...leavesOf(condition)].flatMap(({ fact, operator, right }): readonly ListUse[] => {
    const isList = right.type === 'operand' && typeof right.operand === 'object' && 'words' in right.operand;
    if (!isList) return [];
    const { operand } = operatorDefinition(operator);
    const use = operand === 'words' || operand === 'networks' ? operand : undefined;
    // A list of texts is asked for its entries, and not for words.
    return use === undefined || factDefinition(fact).type !== 'string' ? [] : [[right.operand.name, use]];
  });
  const masked = effects.rewrites.flatMap(({ change }): readonly ListUse[] =>
    change.type === 'mask' ? [[change.list.name, 'words']] : [],
  );
  return [...looked, ...masked].filter(([name]) => name !== '');
}
