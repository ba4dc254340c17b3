import { expect } from 'chai';
import fc from 'fast-check';
import { linksIn } from '../../adapters/links.js';

describe('links in text', () => {
  it('are found with and without a scheme, each once, in order', () => {
    expect(
      linksIn('see b.example.com and http://a.example/x?y#z, or 192.0.2.1; b.example.com again'),
    ).to.deep.equal(['http://b.example.com', 'http://a.example/x?y#z', 'http://192.0.2.1']);
  });

  it('are found anywhere in a long text, whatever stands around them', () => {
    const filler = fc.constantFrom('x ', '! ', '。', '(', 'http://', 'ab ');
    const place = fc.nat({ max: 9000 });
    fc.assert(
      fc.property(filler, place, place, (piece, before, after) => {
        const fill = (length: number): string => piece.repeat(Math.ceil(length / piece.length));
        const text = `${fill(before)} https://evil.example.com/path?x=1 ${fill(after)}`;
        expect(linksIn(text)).to.include('https://evil.example.com/path?x=1');
      }),
    );
  });

  it('have no parts of others among them', () => {
    const link = (number: number): string => `https://host-${number}.example.com/a/path/of/some/length`;
    const all = Array.from({ length: 500 }, (_, number) => link(number));
    expect([...linksIn(all.join(' '))].sort()).to.deep.equal([...all].sort());
  });
});
