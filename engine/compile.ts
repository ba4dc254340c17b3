/** From rule files to a rule set: read, check, compile. */
import { createHash } from 'node:crypto';
import { checkExamples } from './check/examples.js';
import { checkEffects, checkStyle } from './check/lint.js';
import type { Condition } from './condition.js';
import { compileRule, decide, type RuleSequence } from './decide.js';
import { createRuleIndex } from './index/rule-index.js';
import type { List } from './list.js';
import { hintFor } from './nearest.js';
import { parseCondition, type Scope } from './parse/conditions.js';
import { parseLists } from './parse/lists.js';
import {
  childOf,
  problemAt,
  readEntries,
  readAnyList,
  readMapping,
  type Node,
  type Report,
} from './parse/node.js';
import { parseRule, type Rule } from './parse/rules.js';
import { DOCUMENT_SHAPE } from './parse/shapes.js';
import type { Problem } from './problem.js';
import type { CompileResult, RuleContext, RuleFolder, RuleSet } from './rule-set.js';

export interface CompileOptions {
  /** Whether authors shall be told what they could do better, though the rules work. */
  readonly withStyle?: boolean;
}

/**
 * Compiles a rules folder.
 *
 * All mistakes are found in one go. There is a rule set unless one of them is an error; examples are
 * run only on rules that are otherwise right.
 */
export async function compileRules(
  folder: RuleFolder,
  context: RuleContext,
  { withStyle = false }: CompileOptions = {},
): Promise<CompileResult> {
  const problems: Problem[] = [];
  const report: Report = (problem) => void problems.push(problem);
  const { rules, lists } = parseFolder(folder, context, report);
  for (const rule of rules) await checkExamples(rule, report);
  checkEffects(rules, context, report);
  if (withStyle) checkStyle(rules, folder.documents, report);
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  return { ruleSet: hasErrors ? null : createRuleSet(folder, rules, lists.size), problems };
}

/** The rule files as they were written, checked by themselves. */
export interface ParsedFolder {
  /** In the order in which they are judged. */
  readonly rules: readonly Rule[];
  readonly lists: ReadonlyMap<string, List>;
  /** Where the shared conditions stand. */
  readonly conditions: ReadonlyMap<string, Node>;
}

/** Reads the rule files of a folder; what is wrong is reported and left out. */
export function parseFolder(folder: RuleFolder, context: RuleContext, report: Report): ParsedFolder {
  const documents = folder.documents
    .filter(({ data }) => data !== null && data !== undefined)
    .map(
      ({ file, data }) =>
        readMapping({ file, path: [], value: data }, DOCUMENT_SHAPE, 'a rule file', report) ?? {},
    );
  const lists = new Map<string, List>();
  const conditions = new Map<string, Node>();
  for (const document of documents) {
    if (document.lists !== undefined) parseLists(document.lists, folder.texts, lists, report);
    if (document.conditions !== undefined) collectConditions(document.conditions, conditions, report);
  }
  const shared = sharedConditions(conditions, lists, report);
  for (const [name, node] of conditions) shared(name, node);
  const scope = { lists, condition: shared, platforms: context.platforms };
  const rules = documents
    .flatMap((document) => (document.rules === undefined ? [] : readAnyList(document.rules, report)))
    .flatMap((node) => parseRule(node, scope, report) ?? []);
  return { rules: inOrder(withUniqueIds(rules, report)), lists, conditions };
}

function collectConditions(node: Node, conditions: Map<string, Node>, report: Report): void {
  for (const [name, member] of readEntries(node, report)) {
    if (conditions.has(name)) {
      report(problemAt(member, 'duplicate-id', `There is already a condition \`${name}\`.`, { atKey: true }));
    } else conditions.set(name, member);
  }
}

/** Resolves shared conditions, each parsed once; a circle is reported once, where it closes. */
function sharedConditions(
  nodes: ReadonlyMap<string, Node>,
  lists: ReadonlyMap<string, List>,
  report: Report,
): Scope['condition'] {
  const parsed = new Map<string, Condition | undefined>();
  const open = new Set<string>();
  const resolve: Scope['condition'] = (name, reference) => {
    const node = nodes.get(name);
    if (node === undefined) {
      const hint = nodes.size === 0 ? 'No file defines a condition.' : hintFor(name, [...nodes.keys()]);
      report(problemAt(reference, 'unknown-condition', `Unknown condition \`${name}\`.`, { hint }));
      return undefined;
    }
    if (open.has(name)) {
      const circle = [...open]
        .slice([...open].indexOf(name))
        .concat(name)
        .join(' -> ');
      report(
        problemAt(reference, 'condition-cycle', `The condition \`${name}\` refers to itself: ${circle}.`),
      );
      return undefined;
    }
    if (!parsed.has(name)) {
      open.add(name);
      parsed.set(name, parseCondition(node, { lists, condition: resolve }, report));
      open.delete(name);
    }
    return parsed.get(name);
  };
  return resolve;
}

function withUniqueIds(rules: readonly Rule[], report: Report): readonly Rule[] {
  const seen = new Map<string, Rule>();
  for (const rule of rules) {
    const earlier = seen.get(rule.id);
    if (earlier === undefined) seen.set(rule.id, rule);
    else {
      const hint = `The other one is in ${earlier.node.file}.`;
      report(
        problemAt(
          childOf(rule.node, 'id', rule.id),
          'duplicate-id',
          `There is already a rule \`${rule.id}\`.`,
          { hint },
        ),
      );
    }
  }
  return [...seen.values()];
}

/** Priority first, then file name, then position; sorting is stable and rules come in file order. */
function inOrder(rules: readonly Rule[]): readonly Rule[] {
  const byName = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
  return [...rules].sort(
    (left, right) => right.priority - left.priority || byName(left.node.file, right.node.file),
  );
}

function createRuleSet(folder: RuleFolder, rules: readonly Rule[], lists: number): RuleSet {
  const revision = revisionOf(folder);
  const judged = rules.filter(({ mode }) => mode !== 'off');
  const sequence: RuleSequence = { rules: judged.map(compileRule), index: createRuleIndex(judged) };
  return {
    revision,
    rules: rules.map(({ id, node, mode, kinds, stages }) => ({ id, file: node.file, mode, kinds, stages })),
    files: folder.documents.length,
    lists,
    decide: (event, policy, options) => decide(sequence, event, policy, revision, options),
  };
}

/** A hash over all files in name order: the same folder has the same revision on every machine. */
function revisionOf(folder: RuleFolder): string {
  const hash = createHash('sha256');
  const parts = [...folder.documents.map(({ file, data }) => [file, data]), ...folder.texts].map((part) =>
    JSON.stringify(part),
  );
  for (const part of parts.sort()) hash.update(part).update('\n');
  return hash.digest('hex').slice(0, 12);
}
