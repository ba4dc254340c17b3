import { expect } from 'chai';
import fc from 'fast-check';
import type { StateCommand } from '../../../engine/state.js';
import { nameOfKey, nameOfMember, nameOfTokens } from '../../../state/redis/keys.js';
import { createRedisStateStore } from '../../../state/redis/store.js';
import { slotOf } from '../../../state/redis/slot.js';
import { ask, describeWithRedis, startRedis } from '../../support/redis-server.js';
import { claimingOf, countingOf, gatheringOf, markingOf, START } from '../commands.js';
import { connected, settingsOf } from './rig.js';

const read = (owner: string, key: string): StateCommand => markingOf({ owner, key }).read(START);

/** Any text, with halves of surrogate pairs. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('{', '}', ':', '\0', '\ud83d', '\ude00'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
    {
      maxLength: 20,
    },
  )
  .map((parts) => parts.join(''));

describe('the name of a key in Redis', () => {
  it('is short, plain, and has a hash tag, whatever the owner and the key are', () => {
    fc.assert(
      fc.property(text, text, (owner, key) => {
        expect(nameOfKey('callgate', read(owner, key))).to.match(/^callgate:\{[\w-]{4}\}l[\w-]{16}$/);
      }),
    );
  });

  it('is another for each key', () => {
    fc.assert(
      fc.property(text, text, text, (owner, one, other) => {
        fc.pre(one !== other);
        expect(nameOfKey('', read(owner, one))).to.not.equal(nameOfKey('', read(owner, other)));
        expect(nameOfMember(one)).to.not.equal(nameOfMember(other));
      }),
    );
  });

  it('is in the same slot for all keys of an owner', () => {
    const { count } = countingOf(1000, { owner: 'app:a', key: 'count' });
    const name = nameOfKey('callgate', count('read', START));
    const others = [nameOfTokens(name), nameOfKey('callgate', read('app:a', 'label'))];
    for (const other of others) expect(slotOf(other)).to.equal(slotOf(name));
  });

  it('is another for each type, and for each length of a window', () => {
    const key = { owner: 'app:a', key: 'same' };
    const commands = [
      countingOf(1000, key).count('read', START),
      countingOf(2000, key).count('read', START),
      gatheringOf(1000, key).member('read', START),
      markingOf(key).read(START),
      claimingOf(key).claim(START, START, 'a'),
    ];
    expect(new Set(commands.map((command) => nameOfKey('', command))).size).to.equal(commands.length);
  });
});

describeWithRedis('what is kept in Redis', () => {
  it('goes by itself, not before its time and not long after', async () => {
    const server = await startRedis();
    const { redis } = await connected(settingsOf([server.url]));
    try {
      const hour = 3_600_000;
      const part = hour / 30;
      await createRedisStateStore(redis).run([
        countingOf(hour).count('add', START, 'a'),
        gatheringOf(hour).member('add', START, 'a'),
        markingOf().set(START, START + hour),
        claimingOf().claim(START, START + hour, 'a'),
      ]);
      const names = (await ask(server, ['KEYS', '*'])).split(',');
      expect(names).to.have.length(5);
      for (const name of names) {
        const life = Number(await ask(server, ['PTTL', name]));
        const due = name.endsWith('t') && /\}c/.test(name) ? 60_000 : hour;
        expect(life, name)
          .to.be.above(due)
          .and.below(due + part + 20_000);
      }
    } finally {
      await redis.close();
      await server.stop();
    }
  });
});
