/** Reads the `examples` of a rule. */
import type { FactName, FactValue } from '../facts.js';
import type { GivenEntries } from '../live/given-entries.js';
import { isStateFact, plainStateFact } from '../state-facts.js';
import { readAnyFactName, readFactName, type Scope } from './conditions.js';
import { readFactValue } from './effects.js';
import { parseGivenLists } from './given-lists.js';
import {
  readAnyText,
  readEntries,
  readList,
  readMapping,
  readTexts,
  readWord,
  type Node,
  type Report,
} from './node.js';
import { EXAMPLE_SHAPE, EXPECT_SHAPE } from './shapes.js';

export interface Example {
  readonly node: Node;
  readonly given: ReadonlyMap<FactName, FactValue>;
  /** What live lists hold. */
  readonly lists: readonly GivenEntries[];
  readonly expect: Expectation;
}

/** What an example wants; what is not named is not looked at. */
export interface Expectation {
  readonly matches: boolean;
  /** `none`: the rule matches and gives no verdict. */
  readonly verdict?: 'allow' | 'refuse' | 'discard' | 'none';
  readonly message?: string;
  readonly rewrites?: ReadonlyMap<FactName, FactValue>;
  readonly tags?: readonly string[];
  readonly strikes?: readonly string[];
  readonly labels?: readonly string[];
}

const WORDS = ['none', 'match', 'allow', 'refuse', 'discard'] as const;

export function parseExamples(
  node: Node,
  scope: Pick<Scope, 'memory' | 'lists'>,
  report: Report,
): readonly Example[] {
  return (readList(node, report) ?? []).flatMap((item) => {
    const members = readMapping(item, EXAMPLE_SHAPE, 'an example', report);
    if (members?.given === undefined || members.expect === undefined) return [];
    const expect = parseExpectation(members.expect, report);
    if (expect === undefined) return [];
    const lists = members.lists === undefined ? [] : parseGivenLists(members.lists, scope.lists, report);
    return [{ node: item, given: parseGiven(members.given, scope, report), lists, expect }];
  });
}

/** Reads a mapping of the event's facts to values. */
export function parseFacts(node: Node, report: Report): ReadonlyMap<FactName, FactValue> {
  return parseValues(node, readFactName, report);
}

/** Reads a mapping of facts to values: those of the event, and counts, strikes and labels, whoever's they are. */
export function parseGiven(
  node: Node,
  scope: Pick<Scope, 'memory'>,
  report: Report,
): ReadonlyMap<FactName, FactValue> {
  return parseValues(
    node,
    (name, reportName) => {
      const fact = readAnyFactName(name, undefined, scope, reportName);
      return fact !== undefined && isStateFact(fact) ? plainStateFact(fact) : fact;
    },
    report,
  );
}

function parseValues(
  node: Node,
  readName: (name: Node, report: Report) => FactName | undefined,
  report: Report,
): ReadonlyMap<FactName, FactValue> {
  const facts = new Map<FactName, FactValue>();
  for (const [name, member] of readEntries(node, report)) {
    const fact = readName({ ...member, value: name }, (problem) => report({ ...problem, atKey: true }));
    const value = fact === undefined ? undefined : readFactValue(fact, member, report);
    if (fact !== undefined && value !== undefined) facts.set(fact, value);
  }
  return facts;
}

function parseExpectation(node: Node, report: Report): Expectation | undefined {
  if (typeof node.value === 'string') {
    const word = readWord(node, WORDS, report);
    if (word === undefined) return undefined;
    if (word === 'none') return { matches: false };
    return word === 'match' ? { matches: true } : { matches: true, verdict: word };
  }
  const members = readMapping(node, EXPECT_SHAPE, `\`expect\` (${WORDS.join(', ')}, or a mapping)`, report);
  if (members === undefined) return undefined;
  const verdict =
    members.verdict === undefined
      ? undefined
      : readWord(members.verdict, ['allow', 'refuse', 'discard', 'none'], report);
  const message = members.message === undefined ? undefined : readAnyText(members.message, report);
  return {
    matches: true,
    ...(verdict === undefined ? {} : { verdict }),
    ...(message === undefined ? {} : { message }),
    ...(members.rewrite === undefined ? {} : { rewrites: parseFacts(members.rewrite, report) }),
    ...(members.tag && { tags: textsOf(members.tag, report) }),
    ...(members.strike && { strikes: textsOf(members.strike, report) }),
    ...(members.label && { labels: textsOf(members.label, report) }),
  };
}

function textsOf(node: Node, report: Report): readonly string[] {
  return readTexts(node, report).map(({ value }) => String(value));
}
