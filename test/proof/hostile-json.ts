/** Bodies that nobody should send. */
import fc from 'fast-check';
import { changedAt, placesIn, textOf, written, type Change, type Written } from './written-json.js';

const quoted = (text: string): string => JSON.stringify(text);

/** Texts with a meaning to some part of a program, or to a terminal, a log or a page. */
const STRINGS: readonly string[] = [
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u2028\\u2029"',
  '"\\ufeff"',
  '"\\u202e"',
  ...[
    '__proto__',
    'constructor',
    'toString',
    '{{actor.id}}',
    '${process.env}',
    '%s%n%d',
    '../../etc/passwd',
    '<script>alert(1)</script>',
    "' OR 1=1 --",
    '{"text":"json in json"}',
    '{"text":',
    '[[[[',
    'ＦＲＥＥ　ｃｏｉｎｓ',
    '\u200b\u200b',
    '👩‍👩‍👧‍👦'.repeat(50),
    'Z̸̢͠a̷͎͝l̶̰͋g̷͉͘o̴'.repeat(20),
    'x'.repeat(20_000),
  ].map(quoted),
];

/** Numbers that JSON can write and that few programs can hold. */
const NUMBERS: readonly string[] = [
  '0',
  '-0',
  '1e400',
  '-1e400',
  '1e-400',
  '0.1',
  '2147483648',
  '-2147483649',
  '4294967296',
  '9007199254740993',
  '18446744073709551616',
  '1E+2',
  '1'.repeat(400),
];

const OTHERS: readonly string[] = ['null', 'true', 'false', '[]', '{}', '[null]', '[[]]', '[{}]', '[1,"a"]'];

/** Objects that are more than their members where a program is careless. */
const POISONED: readonly string[] = [
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"toString":null,"valueOf":1,"hasOwnProperty":"no"}',
  '{"toJSON":{}}',
  '{"then":"a promise?"}',
  '{"length":4294967295,"0":"a"}',
  '{"a":1,"a":[2],"a":null}',
];

const DEPTHS: readonly number[] = [1, 2, 50, 6000];

const scalar = (text: string): Written => ({ type: 'scalar', text });

/** The text of any JSON value. */
export const jsonTexts: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...STRINGS, ...NUMBERS, ...OTHERS, ...POISONED) },
  {
    weight: 2,
    arbitrary: fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).map((value) => JSON.stringify(value)),
  },
);

const nested = (text: string, depth: number, isArray: boolean): string =>
  isArray
    ? `${'['.repeat(depth)}${text}${']'.repeat(depth)}`
    : `${'{"a":'.repeat(depth)}${text}${'}'.repeat(depth)}`;

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>(() => []),
  jsonTexts.map((text): Change => () => [scalar(text)]),
  jsonTexts.map((text): Change => (value) => [value, scalar(text)]),
  jsonTexts.map((text): Change => (value) => [scalar(text), value]),
  fc
    .tuple(fc.constantFrom(...DEPTHS), fc.boolean())
    .map(([depth, isArray]): Change => (value) => [scalar(nested(textOf(value), depth, isArray))]),
  fc.integer({ min: 2, max: 300 }).map(
    (count): Change =>
      (value) =>
        Array.from({ length: count }, () => value),
  ),
);

/** What names the command stays: with another name it would be another command. */
const SPARED: ReadonlySet<string> = new Set(['callbackCommand', 'CallbackCommand']);

const mutations = fc.array(fc.tuple(fc.nat(), changes), { minLength: 1, maxLength: 4 });

/** Texts of a body with fields that are lost, of another type, doubled or nested deeply. */
export function mutantsOf(body: unknown): fc.Arbitrary<string> {
  return mutations.map((steps) => textOf(steps.reduce(mutated, written(body))));
}

function mutated(node: Written, [choice, change]: readonly [number, Change]): Written {
  const places = placesIn(node, SPARED);
  const place = places[choice % Math.max(1, places.length)];
  return place === undefined ? node : changedAt(node, place, change);
}
