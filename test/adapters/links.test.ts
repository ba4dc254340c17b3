import { expect } from 'chai';
import fc from 'fast-check';
import { LinkifyIt } from 'linkify-it';
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

  it('are the same as a search without short cuts finds (property)', () => {
    const search = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false, fuzzyIP: true });
    const piece = fc.constantFrom(
      ...[
        'a',
        'b.',
        '.com',
        'example',
        '://',
        '//',
        'http',
        'ftp:',
        'MAILTO:',
        '@',
        '192.0.2.1',
        ' ',
        '\n',
        '.',
        ':80',
        '/x',
      ],
      ...['localhost', '赌博', '。', '．com', 'рф', '[::1]', '😀'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const found = (search.match(text) ?? []).map(({ url }) => url);
        expect(linksIn(text)).to.deep.equal([...new Set(found)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('have no parts of others among them', () => {
    const link = (number: number): string => `https://host-${number}.example.com/a/path/of/some/length`;
    const all = Array.from({ length: 500 }, (_, number) => link(number));
    expect([...linksIn(all.join(' '))].sort()).to.deep.equal([...all].sort());
  });
});
