import { expect } from 'chai';
import fc from 'fast-check';
import { decodeText, linesOf } from '../../store/text.js';

describe('lines of a text', () => {
  it('ends lines with LF or CR LF', () => {
    const lines = linesOf('a\r\nb\n\nc');
    expect(lines.count).to.equal(4);
    expect([1, 2, 3, 4].map((number) => lines.line(number))).to.deep.equal(['a', 'b', '', 'c']);
    expect(lines.line(0)).to.equal(undefined);
    expect(lines.line(5)).to.equal(undefined);
  });

  it('places offsets, those outside at the nearest end', () => {
    const lines = linesOf('ab\r\ncd\n');
    expect(lines.positionAt(-1)).to.deep.equal({ line: 1, column: 1 });
    expect(lines.positionAt(1)).to.deep.equal({ line: 1, column: 2 });
    expect(lines.positionAt(3)).to.deep.equal({ line: 1, column: 3 });
    expect(lines.positionAt(4)).to.deep.equal({ line: 2, column: 1 });
    expect(lines.positionAt(99)).to.deep.equal({ line: 3, column: 1 });
  });

  it('finds back every character of any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', '\r', '中', '😀') }),
        fc.nat(40),
        (text, at) => {
          const lines = linesOf(text);
          const { line, column } = lines.positionAt(at);
          if (at < text.length && text[at] !== '\n' && text[at] !== '\r') {
            expect(lines.line(line)?.[column - 1]).to.equal(text[at]);
          }
          expect(column).to.be.at.most((lines.line(line)?.length ?? -1) + 1);
        },
      ),
    );
  });
});

describe('decoding a file', () => {
  it('takes a byte order mark away', () => {
    expect(decodeText(Buffer.from('\uFEFFa: 1'))).to.deep.equal({ type: 'text', text: 'a: 1' });
  });

  it('accepts a replacement character that was written', () => {
    expect(decodeText(Buffer.from('a\uFFFD'))).to.deep.equal({ type: 'text', text: 'a\uFFFD' });
  });

  it('tells where it stops being UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('one: 中\ntwo: 中'), Buffer.from([0xe9]), Buffer.from(' x\n')]);
    expect(decodeText(bytes)).to.deep.equal({
      type: 'invalid',
      text: 'one: 中\ntwo: 中\uFFFD x\n',
      position: { line: 2, column: 7 },
    });
  });

  it('finds the place in any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const decoded = decodeText(Buffer.from(bytes));
        if (decoded.type === 'text') return;
        const { line, column } = decoded.position;
        expect(linesOf(decoded.text).line(line)?.[column - 1]).to.equal('\uFFFD');
      }),
    );
  });
});
