/** Random rule files that are right, about few values, so that rules and events often meet. */
import fc from 'fast-check';
import type { OperatorName } from '../../../engine/operators.js';
import type { ConditionData, DocumentData, LeafData, RuleData } from './plain-engine.js';
import { ADDRESSES, IDS, LONG_LIST, NUMBERS, TEXTS, TIMES } from './vocabulary.js';

type Values = fc.Arbitrary<unknown>;
/** For each operator, what a fact may be compared with. */
type Operators = Partial<Record<OperatorName, Values>>;

const some = (...values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const list = (name: string): Values => fc.constant({ list: name });
const fact = (...names: readonly string[]): Values => some(...names).map((name) => ({ fact: name }));
const oneOrMore = (values: fc.Arbitrary<string>): Values =>
  fc.uniqueArray(values, { minLength: 1, maxLength: 3 });

const id = some(...IDS.filter((name) => name !== ''));
const word = some(...TEXTS);
const number = fc.constantFrom(...NUMBERS);
const isoTime = fc.constantFrom(...TIMES).map((time) => new Date(time).toISOString());
const time = fc.oneof(isoTime, fc.constantFrom(...TIMES));
const pattern = some('^u[12]$', '(?i)^U', 'loan|赌', '(?i)c[o0]ins', '\\d', '^$', '^.{3,}$');
const flag = fc.boolean();
const count = fc.nat(3);
const zone = some('UTC', 'Asia/Shanghai');
const clockTime = some('00:00', '06:30', '12:00', '22:00');
const clock = fc.record({ from: clockTime, to: clockTime, zone }).filter(({ from, to }) => from !== to);
const days = fc.record({
  days: fc.uniqueArray(some('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'), { minLength: 1, maxLength: 4 }),
  zone,
});
const range = <T>(values: fc.Arbitrary<T>, rank: (value: T) => number): Values =>
  fc.tuple(values, values).map((pair) => pair.sort((left, right) => rank(left) - rank(right)));
const network = some('10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '0.0.0.0/0');
const members = fc.oneof(oneOrMore(id), list('few'), list('many'), fc.constant(LONG_LIST));
const words = fc.oneof(oneOrMore(word), list('words'), list('many'));

const COUNTED: Operators = { exists: flag, lengthAtLeast: count, lengthAtMost: count };

const ID_OPERATORS: Operators = {
  equal: fc.oneof(id, fact('actor.id', 'target.id', 'group.id')),
  notEqual: fc.oneof(id, fact('actor.id', 'target.id', 'group.id')),
  in: fc.oneof(members, fact('target.ids')),
  notIn: fc.oneof(members, fact('target.ids')),
  contains: some('u', '1', 'v'),
  doesNotContain: some('u', '1', 'v'),
  startsWith: fc.oneof(some('u', 'U', 'u1'), oneOrMore(id), list('few'), fact('actor.id')),
  endsWith: fc.oneof(some('1', 'u2'), oneOrMore(id)),
  matches: pattern,
  containsAny: members,
  containsNone: members,
  ...COUNTED,
};

const TEXT_OPERATORS: Operators = {
  equal: word,
  notEqual: fc.oneof(word, fact('actor.id')),
  contains: fc.oneof(word, fact('actor.id')),
  doesNotContain: fc.oneof(word, fact('actor.id')),
  startsWith: fc.oneof(word, list('words')),
  endsWith: fc.oneof(word, oneOrMore(word)),
  matches: pattern,
  containsAny: words,
  containsNone: words,
  ...COUNTED,
};

const IDS_OPERATORS: Operators = {
  contains: fc.oneof(id, fact('actor.id', 'target.id')),
  doesNotContain: fc.oneof(id, fact('actor.id', 'target.id')),
  containsAny: members,
  containsNone: members,
  matches: pattern,
  ...COUNTED,
};

const ordered = (values: Values): Operators => ({
  equal: values,
  notEqual: values,
  lessThan: values,
  lessThanInclusive: values,
  greaterThan: values,
  greaterThanInclusive: values,
  exists: flag,
});

const TIME_OPERATORS: Operators = {
  ...ordered(fc.oneof(time, fact('event.time', 'message.sentAt'))),
  between: range(time, (value) => (typeof value === 'number' ? value : Date.parse(value))),
  timeOfDayBetween: clock,
  weekday: days,
};

const numbers = fc.uniqueArray(number, { minLength: 1, maxLength: 3 });
const NUMBER_OPERATORS: Operators = {
  ...ordered(fc.oneof(number, fact('message.random'))),
  in: numbers,
  notIn: numbers,
  between: range(number, (value) => value),
};

/** Facts of every event, and those that only messages have. */
const COMMON: Readonly<Record<string, Operators>> = {
  'actor.id': ID_OPERATORS,
  'target.id': ID_OPERATORS,
  'group.id': ID_OPERATORS,
  'target.ids': IDS_OPERATORS,
  'event.time': { ...TIME_OPERATORS, ...ordered(fc.oneof(time, fact('event.time'))) },
  'actor.isAdmin': { equal: flag, notEqual: flag, exists: flag },
  'client.ip': {
    inCidr: fc.oneof(network, oneOrMore(network), list('networks')),
    equal: some(...ADDRESSES),
    startsWith: some('10.', '2001:'),
  },
};
const OF_MESSAGES: Readonly<Record<string, Operators>> = {
  'message.text': TEXT_OPERATORS,
  'message.mentions': IDS_OPERATORS,
  'message.seq': NUMBER_OPERATORS,
  'message.sentAt': TIME_OPERATORS,
};

const leavesOf = (facts: Readonly<Record<string, Operators>>): readonly fc.Arbitrary<LeafData>[] =>
  Object.entries(facts).map(([name, operators]) =>
    fc.oneof(
      ...Object.entries(operators).map(([operator, values]) =>
        values.map((value) => ({ fact: name, operator, value })),
      ),
    ),
  );

/** Names of shared conditions; each may refer to those before it. */
const SHARED = ['one', 'two', 'three'];

function conditions(
  facts: Readonly<Record<string, Operators>>,
  shared: readonly string[],
): fc.Arbitrary<ConditionData> {
  const references = shared.map((condition) => fc.constant({ condition }));
  const leaf = fc.oneof(...leavesOf(facts), ...references);
  const { tree } = fc.letrec<{ tree: ConditionData; members: readonly ConditionData[] }>((tie) => ({
    members: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    tree: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      { weight: 3, arbitrary: leaf },
      { weight: 3, arbitrary: tie('members').map((all) => ({ all })) },
      { weight: 2, arbitrary: tie('members').map((any) => ({ any })) },
      { weight: 1, arbitrary: tie('tree').map((not) => ({ not })) },
    ),
  }));
  return tree;
}

const common = conditions(COMMON, SHARED);
const everything = conditions({ ...COMMON, ...OF_MESSAGES }, SHARED);

const events = fc.oneof(
  fc.record({
    on: fc.constantFrom<RuleData['on']>('message.send', 'message.*', '*', ['message.edit', 'block.add']),
    when: everything,
  }),
  fc.record({
    on: fc.constantFrom<RuleData['on']>('block.add', 'friend.*', ['friend.request', 'group.join']),
    when: common,
  }),
  fc.record({ on: fc.constant<RuleData['on']>('*'), when: fc.constant('always' as const) }),
);

/** Tags alone, so that every match shows; with `verdicts` the judging may also end early. */
const effects = (index: number): fc.Arbitrary<Pick<RuleData, 'then'> & { readonly verdict: object }> =>
  fc.constantFrom({ allow: true }, { refuse: true }, { discard: true }, {}).map((verdict) => ({
    then: { tag: `tag-${index}` },
    verdict,
  }));

export interface RandomDocument {
  readonly tagging: DocumentData;
  /** The same rules, some with a verdict. */
  readonly deciding: DocumentData;
}

const stages = fc.constantFrom('before', 'after', 'any', undefined);

const rule = (index: number): fc.Arbitrary<Readonly<Record<keyof RandomDocument, RuleData>>> =>
  fc
    .tuple(
      events,
      fc.record({
        priority: fc.integer({ min: -1, max: 1 }),
        mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'shadow', 'off'),
        stage: stages,
      }),
      effects(index),
    )
    .map(([{ on, when }, { stage, ...rest }, { then, verdict }]) => {
      const id = `rule-${index}`;
      const tagging: RuleData = { id, on, when, then, ...rest, ...(stage !== undefined && { stage }) };
      const mayDecide = stage === 'before' || stage === undefined;
      return { tagging, deciding: mayDecide ? { ...tagging, then: { ...then, ...verdict } } : tagging };
    });

const LISTS = {
  few: ['u1', 'u2'],
  many: LONG_LIST,
  words: ['loan', '赌博', 'café'],
  networks: ['10.1.0.0/16', '::1'],
};

export const randomDocument: fc.Arbitrary<RandomDocument> = fc
  .integer({ min: 1, max: 8 })
  .chain((size) =>
    fc.record({
      rules: fc.tuple(...Array.from({ length: size }, (_, index) => rule(index))),
      shared: fc.tuple(...SHARED.map((_, index) => conditions(COMMON, SHARED.slice(0, index)))),
    }),
  )
  .map(({ rules, shared }) => {
    const rest = {
      lists: LISTS,
      conditions: Object.fromEntries(shared.map((tree, index) => [SHARED[index] ?? '', tree] as const)),
    };
    return {
      tagging: { ...rest, rules: rules.map(({ tagging }) => tagging) },
      deciding: { ...rest, rules: rules.map(({ deciding }) => deciding) },
    };
  });
