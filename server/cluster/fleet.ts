/** Keeps as many workers as there shall be: starts them, replaces them, and ends them. */
import type { Logger } from 'pino';
import { createBackoff, type Backoff } from './backoff.js';
import type { Exit, Member } from './member.js';

export interface FleetParts {
  readonly size: number;
  /** Puts a worker to work. */
  readonly spawn: (slot: number) => Member;
  readonly logger: Logger;
  /** Calls a function after some milliseconds. */
  readonly later?: (work: () => void, milliseconds: number) => void;
}

export interface Fleet {
  /** Starts all workers. Rejects when one cannot serve; then none is left. */
  start(): Promise<void>;
  members(): readonly Member[];
  /** Workers that crashed and were started again. */
  restarts(): number;
  /**
   * Replaces workers one after the other: the next one serves before the last one ends. One that cannot
   * serve is told of, and the rest stay as they are.
   */
  replace(these: readonly Member[]): Promise<void>;
  /** Ends all workers one after the other. @param onLast called before the last one is told */
  drain(onLast: () => Promise<void> | void): Promise<void>;
  /** Ends all workers at once. */
  kill(): void;
}

/** Milliseconds until the next worker drains, whether or not the one before has ended. */
const STAGGER = 1_000;
/** Milliseconds that workers have to end once all have been told. */
const DRAIN_LIMIT = 25_000;

const timer = (work: () => void, milliseconds: number): void => void setTimeout(work, milliseconds).unref();

export function createFleet({ size, spawn, logger, later = timer }: FleetParts): Fleet {
  const members = new Set<Member>();
  /** Those that were told to end. */
  const dismissed = new WeakSet<Member>();
  const backoffs = new Map<number, Backoff>();
  let restarts = 0;
  let pending = 0;
  let isStopping = false;
  let replacing: Promise<void> = Promise.resolve();

  function add(): Member {
    const member = spawn(freeSlot());
    members.add(member);
    void member.ended.then(() => members.delete(member));
    return member;
  }

  function freeSlot(): number {
    const taken = new Set([...members].map(({ slot }) => slot));
    let slot = 1;
    while (taken.has(slot)) slot += 1;
    return slot;
  }

  /** Starts another one whenever this one ends unasked. */
  function keep(member: Member): void {
    void member.ended.then((exit) => {
      if (!isStopping && !dismissed.has(member)) crashed(member, exit);
    });
  }

  function crashed({ slot, pid }: Member, exit: Exit): void {
    const restartInMs = delayOf(slot);
    restarts += 1;
    pending += 1;
    logger.error({ worker: slot, pid, ...exit, restartInMs }, 'worker crashed');
    later(() => {
      pending -= 1;
      fill();
    }, restartInMs);
  }

  /** Starts the workers that are missing, apart from those that will be started soon. */
  function fill(): void {
    const living = [...members].filter((member) => !dismissed.has(member)).length;
    for (let count = living + pending; count < size && !isStopping; count += 1) keep(add());
  }

  function delayOf(slot: number): number {
    const backoff = backoffs.get(slot) ?? createBackoff();
    backoffs.set(slot, backoff);
    return backoff.next();
  }

  function drainOne(member: Member): Promise<Exit> {
    dismissed.add(member);
    member.drain();
    return member.ended;
  }

  async function replaceAll(these: readonly Member[]): Promise<void> {
    for (const old of these) {
      if (isStopping) return;
      if (old.state() !== 'serving') continue;
      const next = add();
      try {
        await next.serving;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        logger.error({ worker: old.slot }, `worker not replaced, the new one cannot serve: ${reason}`);
        fill();
        return;
      }
      keep(next);
      logger.info({ worker: old.slot, pid: old.pid, by: next.slot }, 'worker replaced');
      await drainOne(old);
      fill();
    }
  }

  return {
    async start() {
      const first = Array.from({ length: size }, add);
      try {
        await Promise.all(first.map(({ serving }) => serving));
      } catch (error) {
        isStopping = true;
        for (const member of first) member.kill();
        await Promise.all(first.map(({ ended }) => ended));
        throw error;
      }
      for (const member of first) keep(member);
    },
    members: () => [...members],
    restarts: () => restarts,
    replace(these) {
      replacing = replacing.then(() => replaceAll(these));
      return replacing;
    },
    async drain(onLast) {
      isStopping = true;
      const all = [...members];
      const serving = all.filter((member) => member.state() === 'serving');
      for (const member of all) if (member.state() === 'starting') member.kill();
      if (serving.length === 0) await onLast();
      for (const [index, member] of serving.entries()) {
        if (index === serving.length - 1) await onLast();
        await soonest(drainOne(member), STAGGER);
      }
      await soonest(Promise.all(all.map(({ ended }) => ended)), DRAIN_LIMIT);
      for (const member of members) {
        logger.error({ worker: member.slot, pid: member.pid }, 'worker did not end and was killed');
        member.kill();
      }
    },
    kill() {
      isStopping = true;
      for (const member of members) member.kill();
    },
  };
}

/** Waits for work, but no longer than some milliseconds. */
async function soonest(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const expired = new Promise((resolve) => (limit = setTimeout(resolve, milliseconds)));
  await Promise.race([work, expired]);
  clearTimeout(limit);
}
