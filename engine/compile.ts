/** From rule files to a rule set: read, check, compile. */
import { checkStyle } from './check/lint.js';
import { commandTable } from './check/reach.js';
import { hashDefinitions } from './image/basis.js';
import { checkDocument } from './image/check.js';
import { definitionNodes, packDocument } from './image/document.js';
import { linkRuleSet, NOTHING_LINKED } from './image/link.js';
import type { LinkedDocument } from './image/linked-rule.js';
import { openRuleSet } from './image/open.js';
import type { List } from './list.js';
import type { LiveLists } from './live/live-lists.js';
import type { Memory } from './memory.js';
import { parseDefinitions, readDocument } from './parse/definitions.js';
import { readAnyList, type Node, type Report } from './parse/node.js';
import { parseRule, type Rule } from './parse/rules.js';
import type { Problem } from './problem.js';
import type { CompileResult, RuleContext, RuleFolder } from './rule-set.js';

export interface CompileOptions {
  /** Whether authors shall be told what they could do better, though the rules work. */
  readonly withStyle?: boolean;
  /** Where the rule set finds live lists; without it, they are empty. */
  readonly live?: LiveLists;
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
  { withStyle = false, live }: CompileOptions = {},
): Promise<CompileResult> {
  const problems: Problem[] = [];
  const report: Report = (problem) => void problems.push(problem);
  const { platforms } = context;
  const { texts } = folder;
  const packed = [...folder.documents].sort(byFile).map((document) => packDocument(document, report));
  const definitions = hashDefinitions(parseDefinitions(packed.map(definitionNodes), texts, report));
  const commands = commandTable(context.capabilities);
  const documents: LinkedDocument[] = [];
  for (const document of packed) {
    const checked = await checkDocument(document, { definitions, commands, platforms }, report);
    documents.push({ packed: document, checked, known: [] });
  }
  const { image } = linkRuleSet(
    { documents, texts, definitions, platforms, knowledge: NOTHING_LINKED },
    report,
  );
  if (withStyle) checkStyle(parseFolder(folder, context, () => undefined).rules, folder.documents, report);
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  return { ruleSet: hasErrors ? null : openRuleSet(image, live), problems };
}

/** The rule files as they were written, checked by themselves. */
export interface ParsedFolder {
  /** In the order in which they are judged; of rules with the same ID, the first. */
  readonly rules: readonly Rule[];
  readonly lists: ReadonlyMap<string, List>;
  /** Where the shared conditions stand. */
  readonly conditions: ReadonlyMap<string, Node>;
  readonly memory: Memory;
}

/**
 * Reads the rule files of a folder; what is wrong is reported and left out.
 *
 * @param live where live lists are; without it, they are empty
 */
export function parseFolder(
  folder: RuleFolder,
  context: RuleContext,
  report: Report,
  live?: LiveLists,
): ParsedFolder {
  const documents = [...folder.documents].sort(byFile).map((document) => readDocument(document, report));
  const { lists, conditions, scope } = parseDefinitions(documents, folder.texts, report, live);
  const rules = documents
    .flatMap(({ rules: list }) => (list === undefined ? [] : readAnyList(list, report)))
    .flatMap((node) => parseRule(node, { ...scope, platforms: context.platforms }, report) ?? []);
  const unique = new Map([...rules].reverse().map((rule) => [rule.id, rule]));
  return {
    rules: inOrder(rules.filter((rule) => unique.get(rule.id) === rule)),
    lists,
    conditions,
    memory: scope.memory,
  };
}

function byFile(left: { readonly file: string }, right: { readonly file: string }): number {
  return left.file < right.file ? -1 : left.file > right.file ? 1 : 0;
}

/** Priority first, then file name, then position; sorting is stable and rules come in file order. */
function inOrder(rules: readonly Rule[]): readonly Rule[] {
  return [...rules].sort((left, right) => right.priority - left.priority);
}
