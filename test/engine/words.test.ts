import { expect } from 'chai';
import fc from 'fast-check';
import { foldedUnitsOf } from '../../engine/text-units.js';
import { fold, foldWithOrigin } from '../../engine/text.js';
import { createWordMatcher } from '../../engine/words.js';

describe('words in text', () => {
  const loans = createWordMatcher(['loan', '赌博', 'free coins']);

  for (const text of [
    'Cheap LOAN here',
    'cheap ｌｏａｎ here',
    'cheap lo\u200Ban here',
    'cheap l\u00ADo\u200Da\u2060n',
    '网上赌博平台',
    '赌\u200B博',
    'FREE COINS',
  ]) {
    it(`finds a word in ${JSON.stringify(text)}`, () => {
      expect(loans.occursIn(text)).to.equal(true);
    });
  }

  for (const text of ['', 'lo an', '赌 博', 'free  coins']) {
    it(`finds no word in ${JSON.stringify(text)}`, () => {
      expect(loans.occursIn(text)).to.equal(false);
    });
  }

  it('composes accents that were written apart', () => {
    expect(createWordMatcher(['café']).occursIn('CAFE\u0301')).to.equal(true);
  });

  it('finds nothing with an empty list, nor with words that fold to nothing', () => {
    expect(createWordMatcher([]).occursIn('anything')).to.equal(false);
    expect(createWordMatcher(['\u200B']).occursIn('any\u200Bthing')).to.equal(false);
  });

  for (const others of [0, 20]) {
    it(`finds a word wherever it stands in a long text, beside ${others} others`, () => {
      const words = ['赌博', ...Array.from({ length: others }, (_, number) => `other${number}`)];
      const matcher = createWordMatcher(words);
      const text = 'Ａ b'.repeat(4000);
      expect(matcher.occursIn(text)).to.equal(false);
      for (const at of [0, 4095, 8191, text.length]) {
        expect(matcher.occursIn(`${text.slice(0, at)}赌\u200B博${text.slice(at)}`), `at ${at}`).to.equal(
          true,
        );
      }
    });
  }

  describe('masked', () => {
    it('replaces every character of every occurrence', () => {
      expect(loans.mask('A loan, 赌博 and a LOAN.', '*')).to.equal('A ****, ** and a ****.');
    });

    it('covers invisible characters inside a word', () => {
      expect(loans.mask('lo\u200Ban!', '*')).to.equal('*****!');
    });

    it('covers overlapping words as a whole', () => {
      const matcher = createWordMatcher(['abcd', 'cdef', 'de']);
      expect(matcher.mask('xabcdefx', '#')).to.equal('x######x');
    });

    it('takes a replacement of any length, none included', () => {
      expect(loans.mask('a loan', '')).to.equal('a ');
      expect(loans.mask('a loan', '[]')).to.equal('a [][][][]');
    });

    it('leaves a text without words as it is', () => {
      expect(loans.mask('nothing to see', '*')).to.equal('nothing to see');
    });
  });

  const letters = fc.string({
    unit: fc.constantFrom('a', 'b', 'A', 'ａ', '赌', '\u200B', 'é', 'e\u0301', '😀'),
    maxLength: 30,
  });

  it('agrees with a search for each word on its own (property)', () => {
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 20 }), letters, (words, text) => {
        const naive = words.map(fold).some((word) => word !== '' && fold(text).includes(word));
        expect(createWordMatcher(words).occursIn(text)).to.equal(naive);
      }),
    );
  });

  it('leaves no word behind after masking, and touches nothing without one (property)', () => {
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 5 }), letters, (words, text) => {
        const matcher = createWordMatcher(words);
        const masked = matcher.mask(text, '*');
        expect(matcher.occursIn(masked)).to.equal(false);
        if (!matcher.occursIn(text)) expect(masked).to.equal(text);
      }),
    );
  });
});

describe('folding', () => {
  it('keeps for each folded unit the range that it came from (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { text: folded, origin } = foldWithOrigin(text);
        if (origin === undefined) {
          expect(folded).to.have.lengthOf(text.length);
          return;
        }
        expect(origin.starts).to.have.lengthOf(folded.length);
        for (const [index, start] of origin.starts.entries()) {
          const end = origin.ends[index] ?? -1;
          expect(start).to.be.at.least(origin.starts[index - 1] ?? 0);
          expect(end).to.be.greaterThan(start).and.at.most(text.length);
        }
      }),
    );
  });

  it('comes out the same as text and as code units (property)', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom('a', 'Ａ', '，', 'é', '\u0301', '\u200B', '\uFE0F', '❤', '😀', '\uD83D', 'ﷺ', '가'),
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const { units, length } = foldedUnitsOf(text);
        expect(String.fromCharCode(...units.subarray(0, length))).to.equal(fold(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('composes an accent that something invisible keeps apart', () => {
    expect(fold('CAFE\u200B\u0301')).to.equal('caf\u00E9');
  });

  it('is the same folded again (property)', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)));
  });
});
