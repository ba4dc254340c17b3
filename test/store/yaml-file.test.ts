import { expect } from 'chai';
import fc from 'fast-check';
import { linesOf } from '../../store/text.js';
import { readYaml } from '../../store/yaml-file.js';

/** Code, place and message of every problem of a text. */
function problemsOf(text: string): readonly string[] {
  return readYaml('a.yaml', text).problems.map(
    ({ code, line, column, message }) => `${line}:${column} ${code} ${message}`,
  );
}

function placeOf(text: string, path: readonly (string | number)[], atKey = false): string {
  const { line, column } = readYaml('a.yaml', text).locate(path, atKey);
  return `${line}:${column}`;
}

describe('YAML file', () => {
  describe('as data', () => {
    it('gives plain JSON values', () => {
      const text = 'a: [1, 2.5, -3, 0x10, 1e3]\nb: { c: ~, d: true }\ne: "5"\nf: no\ng: |\n  two\n  lines\n';
      expect(readYaml('a.yaml', text)).to.deep.include({
        data: {
          a: [1, 2.5, -3, 16, 1000],
          b: { c: null, d: true },
          e: '5',
          f: 'no',
          g: 'two\nlines\n',
        },
        problems: [],
      });
    });

    it('gives null for an empty file', () => {
      for (const text of ['', '\n', '# only a comment\n', '---\n']) {
        expect(readYaml('a.yaml', text)).to.deep.include({ data: null, problems: [] });
      }
    });

    it('keeps __proto__ as a key like any other', () => {
      const { data } = readYaml('a.yaml', '__proto__: { polluted: true }');
      expect(Object.keys(data as object)).to.deep.equal(['__proto__']);
      expect(Object.getPrototypeOf(data)).to.equal(Object.prototype);
    });

    it('follows aliases', () => {
      expect(readYaml('a.yaml', 'a: &x [1]\nb: *x\nc: &x 2\nd: *x').data).to.deep.equal({
        a: [1],
        b: [1],
        c: 2,
        d: 2,
      });
    });

    it('does not merge', () => {
      expect(readYaml('a.yaml', 'a: &x { b: 1 }\nc: { <<: *x }').data).to.deep.equal({
        a: { b: 1 },
        c: { '<<': { b: 1 } },
      });
    });
  });

  describe('with a mistake', () => {
    it('tells what is wrong and where', () => {
      expect(problemsOf('a: [1, 2\nb: 3\n')[0]).to.match(/^2:1 yaml-syntax /);
      expect(problemsOf('a:\n\tb: 1')[0]).to.equal('2:1 yaml-syntax Tabs are not allowed as indentation.');
      expect(problemsOf('a: b: c')[0]).to.match(/^1:4 yaml-syntax Nested mappings/);
      expect(problemsOf('a: "\\q"')[0]).to.match(/^1:5 yaml-syntax Invalid escape sequence/);
    });

    it('gives a way out', () => {
      expect(readYaml('a.yaml', 'a: b: c').problems[0]?.hint).to.equal(
        'Put a text that contains ": " in quotes.',
      );
    });

    it('shows the lines around', () => {
      expect(readYaml('a.yaml', 'a: 1\nb: *x\n').problems[0]?.frame).to.equal(
        '  1 | a: 1\n> 2 | b: *x\n    |    ^',
      );
    });

    it('gives no data', () => {
      expect(readYaml('a.yaml', 'a: 1\na: 2').data).to.equal(null);
    });

    it('refuses a second document', () => {
      expect(problemsOf('a: 1\n---\nb: 2\n')).to.deep.equal([
        '2:1 yaml-syntax A second document begins here; a file is one document.',
      ]);
    });

    it("refuses tags of one's own and of other schemas", () => {
      expect(problemsOf('a: !env HOME')).to.deep.equal(['1:4 yaml-syntax Unresolved tag: !env.']);
      expect(problemsOf('a: !!binary aGk=')).to.have.length(1);
    });

    it('refuses YAML 1.1, where `no` would be false', () => {
      expect(problemsOf('%YAML 1.1\n---\na: no')).to.deep.equal(['1:1 yaml-syntax YAML 1.1 is not read.']);
    });

    it('refuses a key that stands there twice, at the second', () => {
      expect(problemsOf('a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n')).to.deep.equal([
        '5:3 duplicate-key The key `c` stands here twice.',
      ]);
    });

    it('refuses keys that are no texts', () => {
      expect(problemsOf('1: a')).to.deep.equal(['1:1 wrong-type A key must be a text.']);
      expect(problemsOf('? [a]\n: b')).to.deep.equal(['1:3 wrong-type A key must be a text.']);
      expect(problemsOf('~: a\ntrue: b')).to.have.length(2);
    });

    it('refuses numbers that would not come out as they were written', () => {
      expect(problemsOf('id: 12345678901234567890')).to.deep.equal([
        '1:5 wrong-value A number this long would lose digits.',
      ]);
      expect(problemsOf('a: [.inf, .nan, 1e999]')).to.have.length(3);
    });

    it('refuses an alias without an anchor, and one inside its own anchor', () => {
      expect(problemsOf('a: *x')).to.deep.equal(['1:4 yaml-syntax No anchor `x` stands before this.']);
      expect(problemsOf('a: &x [*x]')).to.deep.equal(['1:8 yaml-syntax The anchor `x` contains itself.']);
    });

    it('finds all of them at once, in the order of the text', () => {
      expect(problemsOf('1: a\nb: *x\nc: 1\nc: 2').map((problem) => problem.split(' ')[0])).to.deep.equal([
        '1:1',
        '2:4',
        '4:1',
      ]);
    });
  });

  describe('made to do harm', () => {
    it('stops at aliases that stand for a billion values', () => {
      const levels = 'bcdefghi'.split('').map((name, index) => {
        const above = String.fromCharCode(name.charCodeAt(0) - 1);
        return `${name}: &${name} [${Array(10).fill(`*${above}`).join(', ')}] # ${index}`;
      });
      const problems = readYaml('a.yaml', ['a: &a [x]', ...levels].join('\n')).problems;
      expect(problems[0]).to.deep.include({ code: 'too-large', line: 6 });
    });

    it('stops at aliases that nest ever deeper', () => {
      const names = Array.from({ length: 9 }, (_, index) => `a${index}`);
      const lines = names.map((name, index) => {
        const core = index === 0 ? 'x' : `*a${index - 1} `;
        return `${name}: &${name} ${'['.repeat(30)}${core}${']'.repeat(30)}`;
      });
      expect(problemsOf(lines.join('\n'))[0]).to.match(/^4:\d+ too-large Nested more than 100 deep/);
    });

    it('stops at deep nesting of every kind', () => {
      for (const piece of ['[', '{a: ', '- ', '? ', '[{', '{? ', '"', '!a ', '&a ']) {
        const { problems } = readYaml('a.yaml', piece.repeat(20_000));
        expect(problems, piece).to.not.be.empty;
      }
      expect(problemsOf('['.repeat(20_000))[0]).to.match(/^1:\d+ too-large Nested more than 100 deep\.$/);
    });

    it('reads nesting that people write', () => {
      expect(problemsOf(`${'['.repeat(90)}${']'.repeat(90)}`)).to.deep.equal([]);
    });

    it('reports a bounded number of mistakes', () => {
      expect(problemsOf('a: 1\n'.repeat(1000))).to.have.length(100);
    });
  });

  describe('as places', () => {
    const text = ['rules:', '  - id: a', '    when:', '      all: [{ fact: x }]', '    then:', ''].join('\n');

    it('finds a value and its key', () => {
      expect(placeOf(text, ['rules', 0, 'id'])).to.equal('2:9');
      expect(placeOf(text, ['rules', 0, 'id'], true)).to.equal('2:5');
      expect(placeOf(text, ['rules', 0, 'when', 'all', 0, 'fact'])).to.equal('4:21');
    });

    it('finds an entry of a list', () => {
      expect(placeOf(text, ['rules', 0])).to.equal('2:5');
      expect(placeOf(text, ['rules', 0, 'when', 'all', 0], true)).to.equal('4:13');
    });

    it('finds the key where no value stands', () => {
      expect(placeOf(text, ['rules', 0, 'then'])).to.equal('5:5');
    });

    it('finds the nearest ancestor of what is not there', () => {
      expect(placeOf(text, ['rules', 0, 'when', 'any', 7])).to.equal('4:7');
      expect(placeOf(text, ['rules', 5, 'id'])).to.equal('2:3');
      expect(placeOf(text, ['nothing'], true)).to.equal('1:1');
      expect(placeOf('', ['nothing'])).to.equal('1:1');
    });

    it('follows an alias to what it stands for', () => {
      expect(placeOf('a: &x { b: 1 }\nc: *x\n', ['c', 'b'])).to.equal('1:12');
      expect(placeOf('a: &x { b: 1 }\nc: *x\n', ['c'])).to.equal('2:4');
    });

    it('ignores a byte order mark and CR LF', () => {
      expect(placeOf('a: 1\r\nb: 2\r\n', ['b'])).to.equal('2:4');
    });
  });

  it('never throws, and puts every problem inside the file', () => {
    const pieces = fc.constantFrom(
      ...[
        'a',
        'b: ',
        '- ',
        '\n',
        '  ',
        '[',
        ']',
        '{',
        '}',
        ',',
        ': ',
        '? ',
        '&x ',
        '*x',
        '!t ',
        '!!str ',
        '"',
        "'",
      ],
      ...[
        '|\n',
        '>',
        '#',
        '%YAML 1.1\n',
        '---\n',
        '...\n',
        '\t',
        '\r\n',
        '~',
        '1',
        '<<: ',
        '中',
        '\\',
        '\0',
        '@',
        '`',
      ],
    );
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 60 }).map((some) => some.join('')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    fc.assert(
      fc.property(texts, fc.array(fc.oneof(fc.constantFrom('a', 'b', '1'), fc.nat(3))), (text, path) => {
        const yaml = readYaml('a.yaml', text);
        const lines = linesOf(text);
        for (const { line, column, frame } of [...yaml.problems, { ...yaml.locate(path), frame: '^' }]) {
          expect(lines.line(line)).to.not.equal(undefined);
          expect(column).to.be.within(1, (lines.line(line)?.length ?? 0) + 1);
          expect(frame).to.include('^');
        }
        expect(() => JSON.stringify(yaml.data)).to.not.throw();
      }),
      { numRuns: 2000 },
    );
  });
});
