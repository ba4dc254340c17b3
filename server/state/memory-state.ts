/** State in the memory of this process, kept over a restart by a snapshot. */
import type { Logger } from 'pino';
import { restoreStore, startSnapshots, type Restored, type Snapshots } from '../../state/memory/snapshots.js';
import { createMemoryStateStore, type MemoryStateStore } from '../../state/memory/store.js';
import type { StateSettings } from '../../store/config.js';
import { describeError } from '../errors.js';
import type { State, StateHoldings } from './state.js';
import { observeStore } from './usage.js';

type MemorySettings = Extract<StateSettings, { type: 'memory' }>;

/** Milliseconds between two lines about keys that were dropped. */
const DROP_LINE_INTERVAL = 60_000;

export async function openMemoryState(settings: MemorySettings, logger: Logger): Promise<State> {
  const { snapshot: path, every, maxKeys } = settings;
  const options = { maxKeys, onDropped: createDropLines(maxKeys, logger) };
  if (path === undefined) return memoryState(createMemoryStateStore(options));
  const { store, restored } = await restoreStore(path, options);
  tellRestored(restored, logger);
  const snapshots = startSnapshots(store, {
    path,
    every,
    ...(restored.type === 'restored' && { savedAt: restored.savedAt }),
    ...createSaveLines(path, logger),
  });
  return memoryState(store, snapshots);
}

function memoryState(opened: MemoryStateStore, snapshots?: Snapshots): State {
  const { store, usage } = observeStore(opened);
  const holdings = (): StateHoldings => {
    const { keys, dropped } = opened.counts();
    return { keys, dropped, snapshot: snapshots?.status() ?? null };
  };
  return {
    type: 'memory',
    store,
    direct: store,
    usage,
    holdings,
    isDegraded: () => false,
    status() {
      const { keys, dropped, snapshot } = holdings();
      return { type: 'memory', keys, dropped, snapshot: snapshot && forJson(snapshot) };
    },
    close: async () => snapshots?.close(),
  };
}

function forJson({ savedAt, durationMs, failures }: NonNullable<StateHoldings['snapshot']>) {
  return {
    savedAt: savedAt === null ? null : new Date(savedAt).toISOString(),
    durationMs: durationMs === null ? null : Math.round(durationMs),
    failures,
  };
}

function tellRestored(restored: Restored, logger: Logger): void {
  switch (restored.type) {
    case 'none':
      return;
    case 'restored': {
      const savedAt = new Date(restored.savedAt).toISOString();
      logger.info({ savedAt, keys: restored.keys }, 'state restored');
      return;
    }
    case 'unusable':
      logger.error(
        { cause: 'state-snapshot', aside: restored.aside },
        `the snapshot of the state cannot be used, counts, strikes and labels begin anew: ${restored.reason}`,
      );
  }
}

/** The first key that is dropped is told at once, further ones once per interval. */
function createDropLines(maxKeys: number, logger: Logger): () => void {
  let dropped = 0;
  let nextAt = -Infinity;
  return () => {
    dropped += 1;
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + DROP_LINE_INTERVAL;
    logger.warn(
      { cause: 'state-full', maxKeys, dropped },
      'too much is remembered: what was not used for longest is forgotten',
    );
  };
}

/** A disk that stays full is told once, and once when it is over. */
function createSaveLines(path: string, logger: Logger) {
  let isFailing = false;
  return {
    onError(error: unknown): void {
      if (!isFailing)
        logger.error({ cause: 'state-snapshot', path }, `state not saved: ${describeError(error)}`);
      isFailing = true;
    },
    onSaved(): void {
      if (isFailing) logger.info({ path }, 'state is saved again');
      isFailing = false;
    },
  };
}
