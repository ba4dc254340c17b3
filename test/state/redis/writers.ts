/** Writers in processes of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { StateCommand } from '../../../engine/state.js';
import type { RedisSettings } from '../../../state/redis/redis.js';
import type { Assignment, Report } from './writer-messages.js';

const PROGRAM = join(import.meta.dirname, 'writer.js');

/** What a process says next. */
function said(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a writer ended with ${String(code)}`)));
  });
}

/**
 * Lets processes write at the same time.
 *
 * @param shares for each process and each of its writers: its runs
 * @param env what the environment of the processes has besides that of this one
 * @returns the results of each run, in the order of `shares`
 */
export async function writeTogether(
  settings: RedisSettings,
  shares: readonly (readonly (readonly (readonly StateCommand[])[])[])[],
  env: Readonly<Record<string, string>> = {},
): Promise<readonly Report[]> {
  const children = shares.map(() => fork(PROGRAM, { env: { ...process.env, ...env } }));
  try {
    await Promise.all(
      children.map((child, index) => {
        const ready = said(child);
        child.send({ settings, writers: shares[index] ?? [] } satisfies Assignment);
        return ready;
      }),
    );
    const reports = children.map(said);
    for (const child of children) child.send('go');
    // The writers are of this build, and send nothing else.
    return (await Promise.all(reports)) as readonly Report[];
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}
