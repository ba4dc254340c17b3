/** What differs between the primary's settings and those of a worker. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../store/config.js';

/** Workers that there shall be. */
export function workersOf({ server: { workers } }: Pick<Config, 'server'>): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

/**
 * Each worker writes a decision log of its own: only one process can begin new files and clear up old ones.
 *
 * @param worker its number, or what stands for all of them
 */
export function workerConfig(config: Config, worker: number | '*'): Config {
  const { file } = config.decisionLog;
  const ending = extname(file);
  const own = `${file.slice(0, file.length - ending.length)}.w${worker}${ending}`;
  return { ...config, decisionLog: { ...config.decisionLog, file: own } };
}

/**
 * New settings for workers of a primary that goes on. What the primary itself was started with stays.
 *
 * @returns the settings, and the names of those that would have changed
 */
export function keepWhatIsFixed(
  old: Config,
  wanted: Config,
): { readonly kept: Config; readonly settings: readonly string[] } {
  const { listen, workers } = old.server;
  const kept = {
    ...wanted,
    server: { ...wanted.server, listen, workers },
    admin: old.admin,
    state: old.state,
    decisionLog: { ...wanted.decisionLog, to: old.decisionLog.to },
  };
  const fixed: readonly (readonly [name: string, before: unknown, after: unknown])[] = [
    ['server.listen', listen, wanted.server.listen],
    ['server.workers', workers, wanted.server.workers],
    ['admin', old.admin, wanted.admin],
    ['state', old.state, wanted.state],
    ['decisionLog.to', old.decisionLog.to, wanted.decisionLog.to],
  ];
  const settings = fixed
    .filter(([, before, after]) => !isDeepStrictEqual(before, after))
    .map(([name]) => name);
  return { kept, settings };
}
