/** What goes on around the clients: revisions that are saved, workers that are killed, the end. */
import { spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import type { GateStatus, SoakGate } from './gate.js';
import { saveRevision, type Span } from './revisions.js';

export interface Surroundings {
  /** Revisions that may be in force. */
  span(): Span;
  /** Whether a connection may break because a worker has just been killed. */
  isKilling(): boolean;
  isStopping(): boolean;
  killed(): number;
  /** Saves a revision every now and then. Resolves when the time is up. */
  keepReloading(): Promise<void>;
  /** Kills a worker every now and then, once all of them serve. Resolves when the time is up. */
  keepKilling(): Promise<void>;
  stop(): void;
}

/** Milliseconds between two revisions, and between two kills. */
const RELOAD = 200;
const KILL = 4_000;
/** Milliseconds within which every process must have a revision. */
const STALE = 10_000;
/** Milliseconds after a kill in which connections may break. */
const AFTERMATH = 3_000;

/** @param until when the time is up, on the clock of `performance.now()` */
export function createSurroundings(gate: SoakGate, until: number): Surroundings {
  const savedAt = [performance.now()];
  let killedAt = -Infinity;
  let killed = 0;
  let isStopping = false;
  const isOver = (): boolean => performance.now() >= until;

  return {
    span() {
      const limit = performance.now() - STALE;
      return {
        from: Math.max(
          0,
          savedAt.findLastIndex((at) => at < limit),
        ),
        to: savedAt.length - 1,
      };
    },
    isKilling: () => performance.now() - killedAt < AFTERMATH,
    isStopping: () => isStopping,
    killed: () => killed,
    async keepReloading() {
      while (!isOver()) {
        // Whoever reads it meanwhile must find it among those that may be in force.
        savedAt.push(performance.now());
        saveRevision(gate.rules, savedAt.length - 1);
        await setTimeout(RELOAD);
      }
    },
    async keepKilling() {
      while (!isOver()) {
        await setTimeout(Math.max(0, Math.min(KILL, until - performance.now())));
        const status = await gate.status();
        const [victim] = isOver() ? [] : wholeFleet(status);
        if (victim === undefined) continue;
        killedAt = performance.now();
        process.kill(victim, 'SIGKILL');
        killed += 1;
      }
    },
    stop() {
      isStopping = true;
      gate.stop();
    },
  };
}

/** Processes of the workers when all of them serve and there are several, in the order of their birth. */
function wholeFleet(status: GateStatus | undefined): readonly number[] {
  if (status?.workers === undefined) return [];
  const { all, wanted } = status.workers;
  const serving = all.filter(({ state, isAnswering }) => state === 'serving' && isAnswering);
  return serving.length === wanted && wanted > 1 ? serving.map(({ pid }) => pid).sort((a, b) => a - b) : [];
}

/** Bytes that a gate holds in memory, all its processes together; `undefined` where the system does not tell. */
export async function residentMemory(gate: SoakGate): Promise<number | undefined> {
  const workers = (await gate.status())?.workers?.all.map(({ pid }) => pid) ?? [];
  const { status, stdout } = spawnSync('ps', ['-o', 'rss=', '-p', [gate.pid, ...workers].join()], {
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  return stdout.split('\n').reduce((sum, line) => sum + Number(line) * 1024, 0);
}
