import { expect } from 'chai';
import fc from 'fast-check';
import { createLiveContents, type LiveContents, type LiveUse } from '../../engine/live/live-lists.js';
import { isInNetwork, parseNetwork } from '../../engine/networks.js';
import { createWordMatcher } from '../../engine/words.js';

/** Few letters, so that words overlap, fold to the same and occur in texts. */
const word = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'Ａ', 'é', '赌', '博', '\u200b'),
  maxLength: 5,
});
const entry = fc.oneof(
  word.filter((text) => text !== ''),
  fc.constantFrom(
    '10.0.0.0/8',
    '10.1.2.3',
    '10.1.0.0/9',
    '::/0',
    'fd00::/8',
    'fd00::1',
    '0.0.0.0/0',
    '1.2.3.4/31',
  ),
);
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'B', 'Ｂ', 'é', 'e\u0301', '赌', '博', '\u200b', ' '),
});
const address = fc.constantFrom(
  '10.1.2.3',
  '10.200.0.1',
  '::ffff:10.1.2.3',
  'fd00::1',
  'fe80::1',
  '1.2.3.5',
  'x',
  '',
);

type Step =
  { readonly add: string } | { readonly remove: string } | { readonly look: LiveUse } | 'tidy' | 'go on';
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: entry.map((add) => ({ add })) },
  { weight: 3, arbitrary: entry.map((remove) => ({ remove })) },
  { weight: 1, arbitrary: fc.constantFrom<LiveUse>('words', 'networks').map((look) => ({ look })) },
  { weight: 1, arbitrary: fc.constantFrom<Step>('tidy', 'go on', 'go on') },
);

/** What a list with these entries would answer. */
function expectSame(
  live: LiveContents,
  entries: ReadonlySet<string>,
  texts: readonly string[],
  from: string,
): void {
  const all = [...entries];
  const matcher = createWordMatcher(all);
  const networks = all.flatMap((one) => {
    const network = parseNetwork(one);
    return network === undefined ? [] : [network];
  });
  expect(live.size).to.equal(all.length);
  for (const one of [...texts, ...all]) {
    expect(live.has(one)).to.equal(entries.has(one));
    expect(live.beginsText(one)).to.equal(all.some((begin) => one.startsWith(begin)));
    expect(live.endsText(one)).to.equal(all.some((end) => one.endsWith(end)));
    expect(live.words.occursIn(one)).to.equal(matcher.occursIn(one));
    expect(live.words.mask(one, '*')).to.equal(matcher.mask(one, '*'));
  }
  expect(live.holdsAddress(from)).to.equal(isInNetwork(from, networks));
}

describe('the contents of a live list', () => {
  it('answer at every moment like a list with the entries of that moment', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.array(text, { maxLength: 4 }),
        address,
        (steps, texts, from) => {
          const live = createLiveContents();
          const entries = new Set<string>();
          const running: Generator<undefined, void>[] = [];
          for (const one of steps) {
            if (one === 'tidy') running.push(live.tidy());
            else if (one === 'go on') for (const some of running) some.next();
            else if ('look' in one) running.push(live.prepare(one.look));
            else if ('add' in one) {
              live.add(one.add);
              entries.add(one.add);
            } else {
              live.remove(one.remove);
              entries.delete(one.remove);
            }
            if (steps.length % 2 === 0) expectSame(live, entries, texts, from);
          }
          expectSame(live, entries, texts, from);
          for (const some of running) for (let left = 50; left > 0; left -= 1) some.next();
          expectSame(live, entries, texts, from);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are searched as quickly as before once much has changed and was taken together', () => {
    const live = createLiveContents();
    live.prepare('words').next();
    expect(live.isUntidy()).to.equal(false);
    for (let number = 0; number < 1000; number += 1) live.add(`word ${number}.`);
    expect(live.isUntidy()).to.equal(true);
    const steps = live.tidy();
    steps.next();
    live.remove('word 7.');
    live.add('late');
    expect(live.isUntidy(), 'somebody is at it').to.equal(false);
    while (steps.next().done !== true) expect(live.words.occursIn('a word 8.')).to.equal(true);
    expect(live.isUntidy()).to.equal(false);
    expect(live.words.mask('word 7. word 77. late', '-')).to.equal('word 7. -------- ----');
  });

  it('prepare a hundred thousand entries in steps that each deal with few', () => {
    const live = createLiveContents();
    for (let number = 0; number < 100_000; number += 1) live.add(`user_${number}`);
    let steps = 0;
    for (const work = live.prepare('words'); work.next().done !== true;) steps += 1;
    expect(steps).to.be.greaterThan(200);
    expect(live.words.occursIn('it was USER_99999')).to.equal(true);
  });
});
