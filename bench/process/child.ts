/** Programs of the benchmarks that run in a process of their own, on a core of their own. */
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { USAGE_QUESTION, type Usage } from './usage.js';

/** Whether programs can be kept on one core each: `taskset` is there, and there are two cores. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-V']).error === undefined;

/** Cores of the server and of the load generator. */
export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;

export interface ChildOptions {
  /** Arguments of the program. */
  readonly args?: readonly string[];
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  /** Core that it is kept on; without one it may run anywhere. */
  readonly core?: number;
}

/** A running program that talks over Node's own channel. */
export interface Child {
  readonly process: ChildProcess;
  /** The next message. @throws Error when the program ends before */
  message(): Promise<unknown>;
  /** What it has used so far. */
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** @param program file relative to the folder `bench`, without its extension */
export function startChild(program: string, { args = [], nodeOptions = [], core }: ChildOptions = {}): Child {
  const file = join(import.meta.dirname, '..', `${program}.js`);
  const child = fork(file, args, {
    execArgv: [...nodeOptions],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  if (core !== undefined && canPin && child.pid !== undefined) pin(child.pid, core);
  const ended = once(child, 'exit');
  const early = async (): Promise<never> => {
    await ended;
    throw new Error(`${program} ended before it answered`);
  };
  const message = async (): Promise<unknown> => {
    const [answer] = (await Promise.race([once(child, 'message'), early()])) as unknown[];
    return answer;
  };
  return {
    process: child,
    message,
    async usage() {
      const answer = message();
      child.send(USAGE_QUESTION);
      return (await answer) as Usage;
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** Keeps a process, with all its threads, on one core. */
function pin(pid: number, core: number): void {
  spawnSync('taskset', ['-a', '-p', '-c', String(core), String(pid)]);
}
