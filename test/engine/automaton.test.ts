import { expect } from 'chai';
import fc from 'fast-check';
import { buildAutomaton, packAutomaton } from '../../engine/automaton-build.js';
import { FIELDS, type Automaton } from '../../engine/automaton.js';
import { unitsOf } from '../../engine/text-units.js';

/** All occurrences, as `word@end`. */
function occurrences(
  { search, word, shorter }: Automaton,
  words: readonly string[],
  text: string,
): ReadonlySet<string> {
  const found = new Set<string>();
  search(unitsOf(text), (state, index) => {
    for (let each = state; each !== 0; each = shorter[each] ?? 0) {
      const spelt = words[word[each] ?? -1];
      if (spelt !== undefined) found.add(`${spelt}@${index}`);
    }
    return false;
  });
  return found;
}

function naively(words: readonly string[], text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const word of new Set(words)) {
    for (let at = text.indexOf(word); word !== '' && at !== -1; at = text.indexOf(word, at + 1)) {
      found.add(`${word}@${at + word.length - 1}`);
    }
  }
  return found;
}

/** Different words of up to four characters, few of which share a beginning. */
function manyWords(count: number): readonly string[] {
  const words = new Set<string>();
  for (let seed = 1; words.size < count; seed += 1) {
    const mixed = Math.imul(seed, 0x9e3779b1) >>> 0;
    const units = [mixed % 3001, (mixed >>> 7) % 401, (mixed >>> 13) % 53, (mixed >>> 19) % 7];
    words.add(String.fromCharCode(...units.slice(0, 2 + (seed % 3)).map((unit) => 0x4e00 + unit)));
  }
  return [...words];
}

describe('an automaton of words', () => {
  const few = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  const any = fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  });

  for (const [name, letters] of [
    ['of three letters', few],
    ['of any code units', any],
  ] as const) {
    it(`finds every occurrence of every word ${name}, and no other (property)`, () => {
      fc.assert(
        fc.property(
          fc.array(letters, { maxLength: 40 }),
          fc.array(fc.oneof(letters, fc.nat(40)), { maxLength: 20 }),
          (words, pieces) => {
            const text = pieces
              .map((piece) => (typeof piece === 'string' ? piece : (words[piece] ?? '')))
              .join('');
            expect(occurrences(buildAutomaton(words), words, text)).to.deep.equal(naively(words, text));
          },
        ),
      );
    });
  }

  const words = manyWords(20_000);
  const automaton = buildAutomaton(words);

  it('finds each of many words that begin with thousands of different characters', () => {
    for (const word of words) {
      expect(occurrences(automaton, words, `好${word}好`).has(`${word}@${word.length}`)).to.equal(true);
    }
  });

  it('finds nothing else in a text of their characters', () => {
    const known = new Set(words);
    const text = manyWords(500).join('').split('').reverse().join('');
    const expected = new Set<string>();
    for (let start = 0; start < text.length; start += 1) {
      for (let end = start + 1; end <= start + 4; end += 1) {
        const piece = text.slice(start, end);
        if (piece.length === end - start && known.has(piece)) expected.add(`${piece}@${end - 1}`);
      }
    }
    expect(occurrences(automaton, words, text)).to.deep.equal(expected);
  });

  it('leaves little room unused, however many edges its states have', () => {
    const { states, alphabet } = packAutomaton(words);
    const beginnings = new Set(
      words.flatMap((word) => Array.from(word, (_, index) => word.slice(0, index + 1))),
    );
    expect(states.length / FIELDS - alphabet.size).to.be.below(beginnings.size * 1.1);
  });
});
