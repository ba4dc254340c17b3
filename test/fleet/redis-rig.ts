import { connectRedis } from '../../state/redis/connect.js';
import type { Redis } from '../../state/redis/redis.js';
import { packFiles } from '../../store/packed-files.js';

/** Connects as a process does, patiently. */
export function connectTo(urls: readonly string[], mode: 'single' | 'cluster' = 'single'): Redis {
  return connectRedis({ mode, urls, prefix: 'test', timeout: 5000 }, { onError: () => undefined });
}

/** Packed rules that refuse the friend requests of one user. */
export function rulesAgainst(user: string): Promise<Buffer> {
  const text = `
rules:
  - id: no-${user}
    on: friend.request
    when: { fact: actor.id, operator: equal, value: ${user} }
    then: { refuse: true }
`;
  return packFiles([{ file: 'rules.yaml', role: 'rules', text }]);
}

/** Resolves once a condition holds that is asked for again and again. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
