/** What every state store must do, whatever it keeps its state in. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  MOST_MEMBERS,
  TOKEN_LIFE,
  WINDOW_PARTS,
  type StateCommand,
  type StateStore,
} from '../../engine/state.js';
import { claimingOf, countingOf, freshKey, gatheringOf, markingOf, START } from './commands.js';
import { createStateModel } from './model.js';
import { exchangesOf, scripts } from './scripts.js';

export interface OpenedStore {
  readonly store: StateStore;
  close(): Promise<void>;
}

export interface ContractOptions {
  /** Random sequences of commands that are tried. */
  readonly sequences?: number;
}

const MINUTE = 60_000;
const PART = MINUTE / WINDOW_PARTS;

/** @param create an empty store; called once */
export function describeStateStore(
  name: string,
  create: () => Promise<OpenedStore>,
  { sequences = 150 }: ContractOptions = {},
): void {
  describe(`${name}, as a store of what rules remember,`, () => {
    let opened: OpenedStore;
    before(async () => {
      opened = await create();
    });
    after(() => opened.close());

    /** Commands in one run. */
    async function together(...commands: readonly StateCommand[]): Promise<readonly number[]> {
      const { results, isLocal } = await opened.store.run(commands);
      expect(isLocal).to.equal(false);
      return results;
    }

    /** A run for each command, one after the other. */
    async function each(...commands: readonly StateCommand[]): Promise<readonly number[]> {
      const results: number[] = [];
      for (const command of commands) results.push(...(await together(command)));
      return results;
    }

    it('answers as the definitions say, whatever the commands', async () => {
      await fc.assert(
        fc.asyncProperty(scripts, async (script) => {
          for (const { commands, expected } of exchangesOf(script, createStateModel()))
            expect(await together(...commands)).to.deep.equal(expected);
        }),
        { numRuns: sequences },
      );
    });

    it('answers nothing when it is asked nothing', async () => {
      expect(await together()).to.deep.equal([]);
    });

    describe('counts in a window', () => {
      it('every addition, the one that asks included', async () => {
        const { count } = countingOf(MINUTE);
        const moments = [START, START, START + 1];
        expect(await each(...moments.map((at) => count('add', at)))).to.deep.equal([1, 2, 3]);
      });

      it('until the part that an addition is in has been over for a whole window', async () => {
        const { count } = countingOf(MINUTE);
        const gone = START + MINUTE + PART;
        await each(count('add', START), count('add', START + PART - 1), count('add', START + PART));
        expect(
          await each(count('read', START + MINUTE), count('read', gone - 1), count('read', gone)),
        ).to.deep.equal([3, 3, 1]);
      });

      it('and forgets nothing that happened in the last window, wherever the parts begin', async () => {
        const { count } = countingOf(1000);
        for (const offset of [0, 17, 33, 34, 999]) {
          const at = START + offset * 100_000 + offset;
          expect(await each(count('add', at), count('add', at + 999))).to.deep.equal([1, 2]);
        }
      });

      it('without counting when it only reads or assumes', async () => {
        const { count } = countingOf(MINUTE);
        const ask = [count('read', START), count('assume', START), count('assume', START, 'a')];
        expect(await each(...ask, ...ask)).to.deep.equal([0, 1, 1, 0, 1, 1]);
        expect(await each(count('add', START, 'a'), ...ask)).to.deep.equal([1, 1, 2, 1]);
      });

      it('the same token once, until its time is over', async () => {
        const { count } = countingOf(10 * MINUTE);
        expect(
          await each(
            count('add', START, 'a'),
            count('add', START, 'a'),
            count('add', START, 'b'),
            count('add', START + TOKEN_LIFE - 1, 'a'),
            count('assume', START + TOKEN_LIFE - 1, 'a'),
            count('assume', START + TOKEN_LIFE, 'a'),
            count('add', START + TOKEN_LIFE, 'a'),
            count('add', START + TOKEN_LIFE, 'a'),
          ),
        ).to.deep.equal([1, 1, 2, 2, 2, 3, 3, 3]);
      });

      it('a token once even when its window is shorter than its life', async () => {
        const { count } = countingOf(1000);
        expect(
          await each(
            count('add', START, 'a'),
            count('add', START + 30_000, 'a'),
            count('add', START + 30_000, 'b'),
            count('add', START + 30_000, 'a'),
          ),
        ).to.deep.equal([1, 0, 1, 1]);
      });

      it('the tokens of each key by themselves, and additions without one always', async () => {
        const [left, right] = [countingOf(MINUTE), countingOf(MINUTE)];
        expect(
          await each(
            left.count('add', START, 'a'),
            right.count('add', START, 'a'),
            left.count('add', START),
            left.count('add', START),
          ),
        ).to.deep.equal([1, 1, 2, 3]);
      });

      it('additions that come late', async () => {
        const { count } = countingOf(MINUTE);
        expect(
          await each(
            count('add', START + MINUTE, 'late'),
            count('add', START + MINUTE - 1, 'early'),
            count('add', START + MINUTE - 2, 'late'),
            count('read', START + MINUTE - 2),
            count('read', START + MINUTE + PART * (WINDOW_PARTS + 1) - 1),
            count('read', START + MINUTE + PART * (WINDOW_PARTS + 1)),
          ),
        ).to.deep.equal([1, 2, 2, 2, 1, 0]);
      });

      it('as long as a year', async () => {
        const year = 366 * 24 * 60 * MINUTE;
        const { count } = countingOf(year);
        expect(
          await each(
            count('add', START),
            count('add', START + year / 2),
            count('add', START + year),
            count('read', START + year + year / WINDOW_PARTS),
          ),
        ).to.deep.equal([1, 2, 3, 2]);
      });
    });

    describe('counts different members', () => {
      it('each of them once, while it was seen less than a window ago', async () => {
        const { member } = gatheringOf(MINUTE);
        expect(
          await each(
            member('add', START, 'a'),
            member('add', START + 1, 'b'),
            member('add', START + 2, 'a'),
            member('read', START + MINUTE),
            member('read', START + MINUTE + 1),
            member('read', START + MINUTE + 2),
          ),
        ).to.deep.equal([1, 2, 2, 2, 1, 0]);
      });

      it('without adding when it only reads or assumes', async () => {
        const { member } = gatheringOf(MINUTE);
        const ask = [member('assume', START, 'a'), member('assume', START, 'b'), member('read', START)];
        expect(await each(...ask, ...ask)).to.deep.equal([1, 1, 0, 1, 1, 0]);
        expect(await each(member('add', START, 'a'), ...ask)).to.deep.equal([1, 1, 2, 1]);
      });

      it('and never makes one older than it was', async () => {
        const { member } = gatheringOf(MINUTE);
        expect(
          await each(
            member('add', START + 100, 'a'),
            member('add', START, 'a'),
            member('add', START + 50, 'b'),
            member('read', START + MINUTE + 60),
            member('read', START + MINUTE + 100),
          ),
        ).to.deep.equal([1, 1, 2, 1, 0]);
      });

      it('up to a limit, and forgets those that were not seen for longest', async () => {
        const { member } = gatheringOf(60 * MINUTE);
        const add = Array.from({ length: MOST_MEMBERS }, (_, index) =>
          member('add', START + index, `m${index}`),
        );
        for (let first = 0; first < add.length; first += 1000)
          await together(...add.slice(first, first + 1000));
        const now = START + MOST_MEMBERS;
        expect(
          await each(
            member('assume', now, 'new'),
            member('add', now, 'm0'),
            member('add', now + 1, 'new'),
            member('read', now + 1),
            // Only the one that was forgotten, m1, is gone before its time.
            member('read', START + 60 * MINUTE + 1),
            member('read', START + 60 * MINUTE + 2),
            member('read', START + 60 * MINUTE + 3),
          ),
        ).to.deep.equal([
          MOST_MEMBERS,
          MOST_MEMBERS,
          MOST_MEMBERS,
          MOST_MEMBERS,
          MOST_MEMBERS,
          MOST_MEMBERS - 1,
          MOST_MEMBERS - 2,
        ]);
      });
    });

    describe('marks', () => {
      it('until the time of the mark is over', async () => {
        const { set, read } = markingOf();
        const end = START + MINUTE;
        expect(await each(read(START), set(START, end), read(START), read(end - 1), read(end))).to.deep.equal(
          [0, 1, 1, 1, 0],
        );
      });

      it('never for a shorter time than before', async () => {
        const { set, read } = markingOf();
        expect(
          await each(
            set(START, START + 2 * MINUTE),
            set(START + 1, START + MINUTE),
            read(START + 2 * MINUTE - 1),
            set(START + 1, START + 3 * MINUTE),
            read(START + 3 * MINUTE - 1),
            read(START + 3 * MINUTE),
          ),
        ).to.deep.equal([1, 1, 1, 1, 1, 0]);
      });

      it('until it is cleared, and again afterwards', async () => {
        const { set, clear, read } = markingOf();
        expect(
          await each(
            clear(START),
            set(START, START + MINUTE),
            clear(START),
            read(START),
            set(START, START + PART),
            read(START + PART),
          ),
        ).to.deep.equal([0, 1, 0, 0, 1, 0]);
      });

      it('not at all when the time is over already', async () => {
        const { set, read } = markingOf();
        expect(await each(set(START, START), read(START))).to.deep.equal([0, 0]);
      });
    });

    describe('lets one at a time claim', () => {
      it('what is free, and nobody else until its time is over', async () => {
        const { claim } = claimingOf();
        const [end, later] = [START + MINUTE, START + 2 * MINUTE];
        expect(
          await each(
            claim(START, end, 'a'),
            claim(START, later, 'b'),
            claim(end - 1, later, 'b'),
            claim(end, later, 'b'),
            claim(end, later, 'a'),
          ),
        ).to.deep.equal([1, 0, 0, 1, 0]);
      });

      it('with the same token as often as it likes, without having it for longer', async () => {
        const { claim } = claimingOf();
        const end = START + MINUTE;
        expect(
          await each(
            claim(START, end, 'a'),
            claim(START + 1, end + MINUTE, 'a'),
            claim(end, end + MINUTE, 'b'),
          ),
        ).to.deep.equal([1, 1, 1]);
      });
    });

    describe('carries out several commands in one run', () => {
      it('in order, those of the same key too', async () => {
        const { count } = countingOf(MINUTE);
        const { member } = gatheringOf(MINUTE);
        const { set, clear, read } = markingOf();
        const { claim } = claimingOf();
        const end = START + MINUTE;
        expect(
          await together(
            count('read', START),
            set(START, end),
            count('add', START, 'a'),
            member('add', START, 'a'),
            count('add', START, 'a'),
            claim(START, end, 'a'),
            count('add', START, 'b'),
            read(START),
            member('assume', START, 'b'),
            clear(START),
            claim(START, end, 'b'),
            read(START),
            member('add', START, 'c'),
            count('read', START),
          ),
        ).to.deep.equal([0, 1, 1, 1, 1, 1, 2, 1, 2, 0, 0, 0, 2, 2]);
      });

      it('of many owners, each by itself', async () => {
        const all = Array.from({ length: 50 }, () => countingOf(MINUTE));
        const commands = all.map(({ count }) => count('add', START));
        expect(await together(...commands)).to.deep.equal(all.map(() => 1));
        expect(await together(...commands.toReversed())).to.deep.equal(all.map(() => 2));
      });

      it('and loses nothing when runs overlap', async () => {
        const { count } = countingOf(MINUTE);
        const { member } = gatheringOf(MINUTE);
        const { claim } = claimingOf();
        const runs = Array.from({ length: 60 }, (_, index) =>
          together(
            count('add', START, `t${index % 40}`),
            member('add', START, `m${index % 20}`),
            claim(START, START + MINUTE, `c${index}`),
          ),
        );
        const results = await Promise.all(runs);
        expect(results.reduce((sum, [, , isMine = 0]) => sum + isMine, 0)).to.equal(1);
        expect(await together(count('read', START), member('read', START))).to.deep.equal([40, 20]);
      });
    });

    describe('takes keys, tokens and members as they are', () => {
      const STRANGE = [
        '{a}',
        '{}:{b}',
        ':',
        '*',
        'a b\r\nc',
        '\0',
        'a\0',
        '张伟',
        '😀',
        'é',
        'e\u0301',
        '"\'\\',
        '__proto__',
        'x'.repeat(60),
      ];

      it('whatever characters are in them', async () => {
        const keyed = STRANGE.map((text) => {
          const { owner, key } = freshKey('any');
          // What is different belongs to the strange part alone.
          return { owner: `${owner}${text}`, key: `${key}${text}`.slice(0, 200) };
        });
        const shared = freshKey('any');
        const alike = STRANGE.map((text) => ({ owner: shared.owner, key: `${shared.key}${text}` }));
        for (const keys of [keyed, alike]) {
          const commands = keys.flatMap((key, index) => [
            countingOf(MINUTE, { ...key, key: `c:${key.key}` }).count(
              'add',
              START,
              STRANGE[index]?.slice(0, 40),
            ),
            gatheringOf(MINUTE, { ...key, key: `d:${key.key}` }).member(
              'add',
              START,
              STRANGE[index]?.slice(0, 40),
            ),
            markingOf({ ...key, key: `l:${key.key}` }).read(START),
            markingOf({ ...key, key: `l:${key.key}` }).set(START, START + MINUTE),
            claimingOf({ ...key, key: `k:${key.key}` }).claim(START, START + MINUTE, `c${index}`),
          ]);
          expect(await together(...commands)).to.deep.equal(keys.flatMap(() => [1, 1, 0, 1, 1]));
        }
      });

      it('and tells tokens and members apart by each of their characters', async () => {
        const { count } = countingOf(MINUTE);
        const { member } = gatheringOf(MINUTE);
        const words = STRANGE.map((text) => text.slice(0, 40));
        await together(...words.flatMap((word) => [count('add', START, word), member('add', START, word)]));
        await together(...words.flatMap((word) => [count('add', START, word), member('add', START, word)]));
        expect(await together(count('read', START), member('read', START))).to.deep.equal([
          words.length,
          words.length,
        ]);
      });

      it('up to 200 characters', async () => {
        const { owner, key } = freshKey('long');
        const of = (end: string) => ({
          owner: owner.padEnd(200, '名'),
          key: `${key.padEnd(199, '名')}${end}`,
        });
        const [left, right] = [countingOf(MINUTE, of('a')), countingOf(MINUTE, of('b'))];
        expect(
          await each(
            left.count('add', START, 'x'.repeat(40)),
            right.count('add', START, 'x'.repeat(40)),
            left.count('add', START, 'x'.repeat(39)),
          ),
        ).to.deep.equal([1, 1, 2]);
      });
    });
  });
}
