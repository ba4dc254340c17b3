/** The live lists of a gate: where they are kept, and how the processes that judge get to know them. */
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { createLiveLists, type LiveLists } from '../../engine/live/live-lists.js';
import { openMemoryLists } from '../../state/lists/memory-store.js';
import { openRedisLists } from '../../state/lists/redis-store.js';
import { createListReplica } from '../../state/lists/replica.js';
import type { LiveListStore } from '../../state/lists/store.js';
import { inTurns } from '../../state/lists/turns.js';
import type { ListUpdate } from '../../state/lists/updates.js';
import { connectRedis } from '../../state/redis/connect.js';
import type { Config } from '../../store/config.js';

export interface ListStoreParts {
  readonly config: Pick<Config, 'state'>;
  /** File of the last good rules; that of the lists lies beside it. */
  readonly lastGood: string;
  readonly logger: Logger;
}

/** Milliseconds that a command may take: nobody's callback waits for it. */
const TIMEOUT = 2_000;

/** Opens the lists where the configuration says that state is kept. */
export function openListStore({
  config: { state },
  lastGood,
  logger,
}: ListStoreParts): Promise<LiveListStore> {
  const path = join(dirname(lastGood), 'lists.jsonl');
  const onProblem = (problem: string | null): void => {
    if (problem === null) logger.info({ cause: 'live-lists' }, 'live lists: all is well again');
    else logger.error({ cause: 'live-lists' }, `live lists: ${problem}`);
  };
  if (state.type === 'memory') return openMemoryLists({ path, onProblem });
  const settings = { ...state.redis, timeout: Math.max(state.redis.timeout, TIMEOUT) };
  // What goes wrong is told by who asks.
  const redis = connectRedis(settings, { onError: () => undefined });
  return openRedisLists(redis, { copyAt: path, onProblem });
}

/** The lists of a gate in one process. */
export interface GateLists {
  readonly store: LiveListStore;
  /** What rules look into. */
  readonly live: LiveLists;
  close(): Promise<void>;
}

/** Opens the lists for rules in this process. All that is known of them is there when it resolves. */
export async function openGateLists(parts: ListStoreParts): Promise<GateLists> {
  const store = await openListStore(parts);
  const live = createLiveLists();
  const replica = createListReplica(live);
  const stop = await feed(store, replica.apply);
  return {
    store,
    live,
    async close() {
      stop();
      await replica.close();
      await store.close();
    },
  };
}

/** Tells all that there is, and from now on what changes. @returns how to stop, once all has been told */
async function feed(
  store: LiveListStore,
  tell: (update: ListUpdate) => void,
  isOff?: () => boolean,
): Promise<() => void> {
  const stop = store.follow(tell);
  await inTurns(tellAll(store.updates(), tell), isOff);
  return stop;
}

function* tellAll(
  updates: Iterator<ListUpdate>,
  tell: (update: ListUpdate) => void,
): Generator<undefined, void> {
  for (let next = updates.next(); next.done !== true; next = updates.next()) {
    tell(next.value);
    yield;
  }
}

/**
 * Tells another process the lists, until it ends.
 *
 * @param tell gets `null` once all has been told that there is; changes come before and after
 */
export async function feedProcess(
  store: LiveListStore,
  tell: (update: ListUpdate | null) => void,
  ended: Promise<unknown>,
): Promise<void> {
  let hasEnded = false;
  const end = ended.then(() => (hasEnded = true));
  const stop = await feed(store, tell, () => hasEnded);
  tell(null);
  await end;
  stop();
}
