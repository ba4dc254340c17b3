import { expect } from 'chai';
import fc from 'fast-check';
import { batchesOf } from '../../cli/list/batches.js';
import { readCsv } from '../../cli/list/csv.js';
import { readEntryFile, type FileFormat, type ReadEntries } from '../../cli/list/import-file.js';
import { parseFor, parseUntil } from '../../cli/list/moments.js';
import { UserError } from '../../cli/suite/user-error.js';
import { createHeap } from '../../state/lists/heap.js';
import { smallestAfter } from '../../state/lists/paging.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');

function read(text: string, format: FileFormat, defaults = {}): ReadEntries {
  return readEntryFile(text, format, defaults, NOW);
}

describe('a text file of entries', () => {
  it('has one entry a line, with comments, blanks and empty lines left out', () => {
    const text = '\uFEFF# who\r\n  bob \r\n\r\n#eve\nCarol Smith\n\t名字\nbob';
    expect(read(text, 'txt', { owner: 'amy' })).to.deep.equal({
      entries: [
        { owner: 'amy', value: 'bob' },
        { owner: 'amy', value: 'Carol Smith' },
        { owner: 'amy', value: '名字' },
      ],
      repeated: 1,
      invalid: [],
    });
  });

  it('tells which lines are not possible', () => {
    const { entries, invalid } = read(`bob\n${'x'.repeat(501)}\na\u0007b\neve`, 'txt');
    expect(entries.map(({ value }) => value)).to.deep.equal(['bob', 'eve']);
    expect(invalid).to.deep.equal([
      { line: 2, message: 'it is longer than 500 characters' },
      { line: 3, message: 'it has a line break or another control character' },
    ]);
  });
});

describe('a CSV file of entries', () => {
  it('names its columns, in any order', () => {
    const text = 'Reason,value,expires,owner\r\n"spam, twice",bob,2026-12-31T00:00:00Z,amy\r\n,"e""ve",,\r\n';
    expect(read(text, 'csv', { owner: 'joe', reason: 'list' })).to.deep.equal({
      entries: [
        { value: 'bob', reason: 'spam, twice', owner: 'amy', expiresAt: Date.parse('2026-12-31T00:00:00Z') },
        { value: 'e"ve', reason: 'list', owner: 'joe' },
      ],
      repeated: 0,
      invalid: [],
    });
  });

  it('tells which lines are not possible, with the right number after line breaks in quotes', () => {
    const text = [
      'value,reason,expires',
      'bob,"two\nlines",',
      'eve,spam',
      ',none,',
      'car"ol,x,',
      'dan,x,2020-01-01T00:00:00Z',
      'pat,x,tomorrow',
      'mia,ok,2026-12-31',
      'zoe,"open',
    ].join('\n');
    const { entries, invalid } = read(text, 'csv');
    expect(entries.map(({ value }) => value)).to.deep.equal(['mia']);
    expect(invalid.map(({ line, message }) => `${line} ${message.slice(0, 40)}`)).to.deep.equal([
      '2 reason: it has a line break or another c',
      '4 it has 2 fields, and the first line name',
      '5 value: it is empty',
      '6 it is no CSV: a quote that is not closed',
      '7 expires: it is past',
      '8 expires: expected a day such as 2026-12-',
      '10 it is no CSV: a quote that is not closed',
    ]);
  });

  it('is no such file without the names of its columns', () => {
    for (const text of ['', 'bob\neve\n', 'value,value\nx,y', 'value,why\nx,y', 'reason\nx'])
      expect(() => read(text, 'csv'), text).to.throw(UserError, /first line of a CSV file/);
  });

  it('comes out as it was written, whatever is in it (property)', () => {
    const field = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', '名', '#'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 1, maxLength: 4 })),
        fc.boolean(),
        (records, quoteAll) => {
          const write = (text: string): string =>
            quoteAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
          const text = records.map((fields) => `${fields.map(write).join(',')}\n`).join('');
          const found = [...readCsv(text)].map((record) => ('fields' in record ? record.fields : record));
          expect(found).to.deep.equal(records.filter((fields) => fields.length > 1 || fields[0] !== ''));
        },
      ),
    );
  });

  it('is read to its end, whatever it is (property)', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\r\n'), maxLength: 30 });
    fc.assert(
      fc.property(text, (written) => {
        const lines = written.split('\n').length;
        for (const { line } of readCsv(written)) expect(line).to.be.within(1, lines);
      }),
    );
  });
});

describe('when an entry goes', () => {
  it('is a moment with its zone, or the end of a day here', () => {
    expect(parseUntil('2026-12-31T18:00:00+08:00')).to.equal(Date.parse('2026-12-31T10:00:00Z'));
    expect(parseUntil('2026-12-31')).to.equal(new Date(2027, 0, 1).getTime());
    expect(parseUntil('2028-02-29')).to.equal(new Date(2028, 2, 1).getTime());
    for (const text of ['2026-02-29', '2026-13-01', '2026-12-31T18:00:00', 'tomorrow', '31.12.2026', ''])
      expect(parseUntil(text), text).to.equal(undefined);
  });

  it('is a length of time from now', () => {
    expect(parseFor('90m', NOW)).to.equal(NOW + 90 * 60_000);
    expect(parseFor('7d', NOW)).to.equal(NOW + 7 * 86_400_000);
    for (const text of ['7', '0d', '-1d', '2y', '900d', '1.5h'])
      expect(parseFor(text, NOW), text).to.equal(undefined);
  });
});

describe('entries for the admin listener', () => {
  it('come in requests that it takes, in order', () => {
    const entries = [
      ...Array.from({ length: 2500 }, (_, number) => ({ value: `u${number}` })),
      ...Array.from({ length: 900 }, (_, number) => ({
        value: `${number}${'名'.repeat(490)}`,
        reason: '"'.repeat(500),
      })),
    ];
    const batches = [...batchesOf(entries)];
    expect(batches.flat().map(({ value }) => value)).to.deep.equal(entries.map(({ value }) => value));
    for (const batch of batches) {
      expect(batch.length).to.be.within(1, 200);
      expect(Buffer.byteLength(JSON.stringify({ entries: batch }))).to.be.lessThan(1024 * 1024);
    }
  });
});

describe('what stores of lists are made of', () => {
  it('a page has the smallest values above a bound (property)', () => {
    const value = fc.string({ minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(
        fc.uniqueArray(value, { maxLength: 400 }),
        fc.integer({ min: 1, max: 5 }),
        fc.option(value),
        (values, count, after) => {
          const wanted = values
            .filter((one) => after === null || one > after)
            .sort()
            .slice(0, count);
          expect(smallestAfter(values, count, after ?? undefined)).to.deep.equal(wanted);
        },
      ),
    );
  });

  it('a heap gives what has the smallest key (property)', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 20 }))), (keys) => {
        const heap = createHeap<number>();
        const model: number[] = [];
        for (const key of keys) {
          if (key === null) expect(heap.take()).to.equal(model.shift());
          else {
            heap.add(key, key);
            model.push(key);
            model.sort((left, right) => left - right);
          }
          expect(heap.first()).to.equal(model[0]);
        }
      }),
    );
  });
});
