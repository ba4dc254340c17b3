import { expect } from 'chai';
import fc from 'fast-check';
import { codeFrame, displayWidth, printable } from '../../store/code-frame.js';
import { linesOf } from '../../store/text.js';

function frame(text: string, line: number, column: number): readonly string[] {
  return codeFrame(linesOf(text), { line, column }).split('\n');
}

/** The character above the marker, found by display columns. */
function pointedAt(lines: readonly string[]): string {
  const at = lines.findIndex((line) => /^ +\| +\^$/.test(line));
  const column = lines[at]!.indexOf('^');
  const shown = Array.from(new Intl.Segmenter('en').segment(lines[at - 1]!), ({ segment }) => segment);
  let width = 0;
  for (const cluster of shown) {
    if (width >= column) return cluster;
    width += displayWidth(cluster);
  }
  return '';
}

describe('code frame', () => {
  it('shows two lines on either side and marks the place', () => {
    expect(frame('one\ntwo\nthree\nfour\nfive\nsix\n', 3, 2)).to.deep.equal([
      '  1 | one',
      '  2 | two',
      '> 3 | three',
      '    |  ^',
      '  4 | four',
      '  5 | five',
    ]);
  });

  it('aligns line numbers and leaves out the empty line behind the last line break', () => {
    const text = Array.from({ length: 10 }, (_, index) => `line ${index + 1}\n`).join('');
    expect(frame(text, 9, 1)).to.deep.equal([
      '   7 | line 7',
      '   8 | line 8',
      '>  9 | line 9',
      '     | ^',
      '  10 | line 10',
    ]);
  });

  it('shows an empty text', () => {
    expect(frame('', 1, 1)).to.deep.equal(['> 1 |', '    | ^']);
  });

  it('counts wide characters twice and marks once', () => {
    expect(frame('名前: x', 1, 5)).to.deep.equal(['> 1 | 名前: x', '    |       ^']);
    expect(pointedAt(frame('say: 👩‍👩‍👧 中 e\u0301 !', 1, 'say: 👩‍👩‍👧 中 e\u0301 '.length + 1))).to.equal('!');
    expect(pointedAt(frame('🇫🇷 ❤️ 1️⃣ ｆ가!', 1, '🇫🇷 ❤️ 1️⃣ ｆ가'.length + 1))).to.equal('!');
  });

  it('shows tabs with the same width above and in the line of the marker', () => {
    expect(frame('\ta:\tb', 1, 5)).to.deep.equal(['> 1 |   a:  b', '    |       ^']);
  });

  it('makes control characters and reversed text harmless', () => {
    expect(frame('a\u001b[31mb\u202Ec', 1, 1)[0]).to.equal('> 1 | a\uFFFD[31mb\uFFFDc');
    expect(printable('a\tb\r\nc')).to.equal('a  b\uFFFD\uFFFDc');
  });

  it('cuts long lines around the place', () => {
    const text = `${'x'.repeat(500)}!${'y'.repeat(500)}`;
    const lines = frame(text, 1, 501);
    expect(lines[0]).to.match(/^> 1 \| …x+!y+…$/);
    expect(lines[0]!.length).to.be.below(120);
    expect(pointedAt(lines)).to.equal('!');
  });

  it('cuts lines of wide characters without splitting one', () => {
    const text = `ab${'中'.repeat(300)}!${'文'.repeat(300)}`;
    const lines = frame(text, 1, 303);
    expect(pointedAt(lines)).to.equal('!');
  });

  it('shows a place far inside a line of a megabyte', () => {
    const text = `${'x'.repeat(1_000_000)}!${'y'.repeat(1_000_000)}`;
    expect(pointedAt(frame(text, 1, 1_000_001))).to.equal('!');
  });

  it('holds for any text and place', () => {
    const texts = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\n', '\t', '中', 'a', ' '),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(texts, fc.nat(60), (text, offset) => {
        const lines = linesOf(text);
        const shown = codeFrame(lines, lines.positionAt(offset)).split('\n');
        expect(shown.filter((line) => /^ +\| *…? *\^$/.test(line))).to.have.length.at.least(1);
        expect(shown.length).to.be.at.most(6);
        expect(shown.every((line) => Array.from(line).every((character) => character >= ' '))).to.equal(true);
      }),
    );
  });
});
