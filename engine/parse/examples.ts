/** Reads the `examples` of a rule. */
import type { FactName, FactValue } from '../facts.js';
import { readFactName } from './conditions.js';
import { readFactValue } from './effects.js';
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
}

const WORDS = ['none', 'match', 'allow', 'refuse', 'discard'] as const;

export function parseExamples(node: Node, report: Report): readonly Example[] {
  return (readList(node, report) ?? []).flatMap((item) => {
    const members = readMapping(item, EXAMPLE_SHAPE, 'an example', report);
    if (members?.given === undefined || members.expect === undefined) return [];
    const expect = parseExpectation(members.expect, report);
    return expect === undefined ? [] : [{ node: item, given: parseFacts(members.given, report), expect }];
  });
}

/** Reads a mapping of facts to values. */
export function parseFacts(node: Node, report: Report): ReadonlyMap<FactName, FactValue> {
  const facts = new Map<FactName, FactValue>();
  for (const [name, member] of readEntries(node, report)) {
    const fact = readFactName({ ...member, value: name }, (problem) => report({ ...problem, atKey: true }));
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
    ...(members.tag === undefined
      ? {}
      : { tags: readTexts(members.tag, report).map(({ value }) => String(value)) }),
  };
}
