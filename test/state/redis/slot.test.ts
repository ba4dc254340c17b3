import { expect } from 'chai';
import fc from 'fast-check';
import { slotOf, SLOTS } from '../../../state/redis/slot.js';

describe('the slot of a key', () => {
  it('is that of the Redis Cluster specification', () => {
    // As `CLUSTER KEYSLOT` of Redis 7.0 answers.
    const known = { '': 0, foo: 12182, bar: 5061, 123456789: 12739, 张伟: 4765 };
    for (const [key, slot] of Object.entries(known)) expect(slotOf(key), key).to.equal(slot);
  });

  it('is that of what is in the first braces, when something is', () => {
    expect(slotOf('a{foo}b')).to.equal(slotOf('foo'));
    expect(slotOf('{foo}{bar}')).to.equal(slotOf('foo'));
    expect(slotOf('{{foo}')).to.equal(slotOf('{foo'));
    expect(slotOf('a{}{foo}')).to.not.equal(slotOf('foo'));
    expect(slotOf('}{foo')).to.not.equal(slotOf('foo'));
  });

  it('is one of all slots for any text', () => {
    fc.assert(fc.property(fc.string(), (key) => slotOf(key) >= 0 && slotOf(key) < SLOTS));
  });
});
