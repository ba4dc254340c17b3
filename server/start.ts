/** The gate in one process: puts the pieces together and serves. */
import type { Logger } from 'pino';
import type { Redis } from '../state/redis/redis.js';
import type { Config } from '../store/config.js';
import type { RuleStore } from '../store/rule-store.js';
import { createListPages } from './admin-lists.js';
import { createStatePages } from './admin-state.js';
import { startAdminServer } from './admin-server.js';
import { createAnnouncer, type TextOutput } from './announce.js';
import { startCallbackServer, type CallbackServer } from './callback-server.js';
import { introductionOf } from './introduction.js';
import type { GateLists } from './lists/gate-lists.js';
import { listsStatusOf } from './lists/lists-status.js';
import { rulesPlaceOf } from './rules-place.js';

export interface ServerParts {
  readonly config: Config;
  /** With rules in force. The server watches it, and closes it in the end. */
  readonly ruleStore: RuleStore;
  /** For what reaches over several machines. The server closes it in the end. */
  readonly fleetRedis?: Redis | undefined;
  /** Into which the rules look. The server closes them in the end. */
  readonly lists?: GateLists | undefined;
  readonly logger: Logger;
  /** Gets the start-up banner and the reports of reloads. */
  readonly out: TextOutput;
  /** Milliseconds that open requests and work after replies may take once the server shall close. */
  readonly drainLimit?: number;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:8080`; an app answers at this and its path. */
  readonly callbackOrigin: string;
  readonly adminOrigin: string;
  /** Stops accepting, finishes what is in flight, then closes everything. Later calls wait for the first. */
  close(): Promise<void>;
}

const STARTING = { isReady: false, reason: 'starting' } as const;

/** Starts both listeners. @throws ListenError when one cannot be opened; then nothing is left open */
export async function startServer(parts: ServerParts): Promise<RunningServer> {
  const { config, ruleStore, logger, out, lists } = parts;
  const declared = (): readonly string[] => ruleStore.current()?.liveLists ?? [];
  const atStart = ruleStore.status();
  let server: CallbackServer | undefined;
  const admin = await startAdminServer(config.admin, logger, {
    readiness: () => server?.readiness() ?? STARTING,
    status: () => ({
      ...(server?.status() ?? { state: STARTING.reason }),
      ...(lists && { liveLists: listsStatusOf(lists.store, declared()) }),
    }),
    metrics: async () => (await server?.metrics.text()) ?? '',
    lists: lists && createListPages({ store: lists.store, declared, logger }),
    state: createStatePages({
      store: () => server?.directState(),
      memory: () => ruleStore.current()?.memory,
      apps: () => config.apps.map(({ id }) => id),
      logger,
    }),
  });
  try {
    const onReload = createAnnouncer({ logger, out, folder: rulesPlaceOf(config.rules) });
    server = await startCallbackServer({ ...parts, onReload });
  } catch (error) {
    await admin.close();
    throw error;
  }
  const { origin, rules, close } = server;
  out.write(
    introductionOf({
      config,
      callbackOrigin: origin,
      adminOrigin: admin.origin,
      rules: rules(),
      problems: atStart.lastReload?.problems ?? [],
    }),
  );
  return {
    callbackOrigin: origin,
    adminOrigin: admin.origin,
    close: async () => {
      await close();
      await admin.close();
      await lists?.close();
    },
  };
}
