import { expect } from 'chai';
import fc from 'fast-check';
import { createDecisionIds, isSampled } from '../../server/decision-log/decision-id.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');

/** IDs made at the given moments, by one process. */
function idsAt(moments: readonly number[], process = 1): readonly string[] {
  const times = [...moments];
  const next = createDecisionIds(() => times.shift() ?? NOW, process);
  return moments.map(() => next());
}

describe('decision IDs', () => {
  it('are 16 characters of 0-9 and a-z', () => {
    expect(createDecisionIds()()).to.match(/^[0-9a-z]{16}$/);
  });

  it('are unique and in the order in which they are made, whatever the clock does', () => {
    const moment = fc.integer({ min: 0, max: Date.parse('2059-01-01T00:00:00Z') });
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 50 }), (moments) => {
        const ids = idsAt(moments);
        expect([...ids].sort()).to.deep.equal(ids);
        expect(new Set(ids).size).to.equal(ids.length);
      }),
    );
  });

  it('are as long at the beginning of all clocks', () => {
    expect(idsAt([0, 0]).map((id) => id.length)).to.deep.equal([16, 16]);
  });

  it('stay unique when a millisecond has more decisions than there are numbers for it', () => {
    const ids = idsAt(new Array<number>(100_000).fill(NOW));
    expect(new Set(ids).size).to.equal(100_000);
    expect([...ids].sort()).to.deep.equal(ids);
  });

  it('differ between processes', () => {
    expect(idsAt([NOW], 1)[0]).not.to.equal(idsAt([NOW], 2)[0]);
  });
});

describe('sampling', () => {
  const ids = idsAt(Array.from({ length: 20_000 }, (_, index) => NOW + Math.floor(index / 3)));

  it('takes about the share that is asked for, and all or none at the ends', () => {
    const taken = (share: number) => ids.filter((id) => isSampled(id, share)).length;
    expect(taken(0)).to.equal(0);
    expect(taken(1)).to.equal(ids.length);
    expect(taken(0.1)).to.be.within(1800, 2200);
    expect(taken(0.5)).to.be.within(9700, 10_300);
  });

  it('always says the same about an ID, and a larger share contains a smaller one', () => {
    for (const id of ids.slice(0, 1000)) {
      expect(isSampled(id, 0.2)).to.equal(isSampled(id, 0.2));
      if (isSampled(id, 0.2)) expect(isSampled(id, 0.3)).to.equal(true);
    }
  });
});
