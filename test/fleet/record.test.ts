import { expect } from 'chai';
import fc from 'fast-check';
import { acceptRecord, isSigned, readRecord, RefusedRelease, writeRecord } from '../../fleet/record.js';
import { createKeys } from './keys.js';
import { recordOf } from './records.js';

describe('records of releases', () => {
  const { privateKey, publicKey } = createKeys();
  const signed = (number: number, content = `content-${number}`): string =>
    writeRecord(recordOf(number, { content }), privateKey);

  it('are read as they were written, signed or not', () => {
    const record = recordOf(7, { note: 'snow ☃', rollbackTo: 3 });
    expect(readRecord(writeRecord(record, undefined)).record).to.deep.equal(record);
    expect(readRecord(writeRecord(record, privateKey)).record).to.deep.equal(record);
    expect(isSigned(readRecord(writeRecord(record, privateKey)), publicKey)).to.equal(true);
    expect(isSigned(readRecord(writeRecord(record, undefined)), publicKey)).to.equal(false);
  });

  it('are refused when they are damaged, whatever the damage', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (junk, at) => {
        const text = signed(3);
        const place = at % text.length;
        const damaged = text.slice(0, place) + junk + text.slice(place + 1);
        fc.pre(damaged !== text);
        expect(() => {
          const accepted = acceptRecord(damaged, publicKey, null);
          // Damage outside of what is signed, such as white space, changes nothing.
          expect(accepted).to.deep.equal(recordOf(3));
          throw new RefusedRelease('as good as refused');
        }).to.throw(RefusedRelease);
      }),
    );
  });

  it('are refused when a field is missing or of the wrong type', () => {
    const body = JSON.parse((JSON.parse(signed(3)) as { body: string }).body) as Record<string, unknown>;
    for (const field of Object.keys(body)) {
      for (const value of [undefined, {}, -1.5]) {
        const text = JSON.stringify({ body: JSON.stringify({ ...body, [field]: value }), signature: null });
        expect(() => acceptRecord(text, undefined, null), field).to.throw(RefusedRelease);
      }
    }
  });

  it('of another format say so', () => {
    const text = JSON.stringify({ body: '{"format":2}', signature: null });
    expect(() => readRecord(text)).to.throw(RefusedRelease, 'of format 2, and this Callgate reads 1');
  });

  it('are taken from anybody where no key is trusted, older ones as well', () => {
    expect(acceptRecord(writeRecord(recordOf(3), undefined), undefined, null).number).to.equal(3);
    expect(acceptRecord(signed(3), undefined, { number: 9, content: 'c' }).number).to.equal(3);
  });

  it('are refused without the signature of the trusted key', () => {
    expect(() => acceptRecord(writeRecord(recordOf(3), undefined), publicKey, null)).to.throw(
      RefusedRelease,
      'release 3 is not signed',
    );
    expect(() => acceptRecord(signed(3), createKeys().publicKey, null)).to.throw(
      RefusedRelease,
      'the signature of release 3 is not from the key that is trusted here',
    );
  });

  it('cannot be passed off with another number, content or time', () => {
    const { body, signature } = JSON.parse(signed(3)) as { body: string; signature: string };
    const record = JSON.parse(body) as Record<string, unknown>;
    for (const change of [{ number: 4 }, { content: 'other' }, { at: 1 }, { by: 'eve' }, { note: 'n' }]) {
      const text = JSON.stringify({ body: JSON.stringify({ ...record, ...change }), signature });
      expect(() => acceptRecord(text, publicKey, null)).to.throw(RefusedRelease, 'signature');
    }
  });

  it('that are older than what is known are refused, though they are genuine', () => {
    const known = { number: 5, content: 'content-5' };
    expect(acceptRecord(signed(6), publicKey, known).number).to.equal(6);
    expect(acceptRecord(signed(5), publicKey, known).number).to.equal(5);
    expect(() => acceptRecord(signed(4), publicKey, known)).to.throw(
      RefusedRelease,
      'release 4 is older than release 5',
    );
    expect(() => acceptRecord(signed(5, 'other'), publicKey, known)).to.throw(RefusedRelease, 'is older');
  });
});
