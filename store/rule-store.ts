/** The rules in force: loaded from a folder, swapped whole, and kept when the next ones are broken. */
import type { RuleMode } from '../engine/decision.js';
import type { LocatedProblem } from '../engine/problem.js';
import type { RuleSet } from '../engine/rule-set.js';
import { listFolder } from './folder-listing.js';
import { watchFolder, type FolderWatch } from './folder-watch.js';
import { fileProblem } from './read-text.js';
import { sortProblems } from './report.js';
import type { Loading, RuleLoader } from './rule-loader.js';
import { createSettler } from './settle.js';

export interface RuleStoreOptions {
  /** Absolute path of the rules folder. */
  readonly folder: string;
  /** Reads, checks and compiles. The store closes it in the end. */
  readonly loader: RuleLoader;
  /**
   * File in which the last good rules are kept, absolute path. The store starts on them when the folder
   * is broken; without it, there is nothing to start on.
   */
  readonly lastGood?: string;
  /** The wall clock: milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of what must not stop the store: failures of watching, exceptions of listeners. */
  readonly onError?: (error: unknown) => void;
  /** Told now and then during a load how many of the rule files have been read. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One attempt to put the folder's rules in force. */
export interface Reload {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  /**
   * - `loaded`: the folder's rules have come into force
   * - `unchanged`: the folder's rules are those in force already
   * - `refused`: there are errors; what was in force stays
   */
  readonly outcome: 'loaded' | 'unchanged' | 'refused';
  readonly durationMs: number;
  /** Sorted by place. Warnings alone refuse nothing. */
  readonly problems: readonly LocatedProblem[];
  /** Revision in force afterwards; `null` when there is none yet. */
  readonly revision: string | null;
}

export interface RuleStoreStatus {
  readonly revision: string | null;
  /**
   * Where the rules in force come from: the folder's files, or what was kept of them before a restart
   * because the files are broken now. `null` when nothing is in force.
   */
  readonly source: 'files' | 'last-good' | null;
  /** Of `last-good`: when the rules were kept, in milliseconds since 1970. */
  readonly keptAt: number | null;
  /** Rule files, rules by mode, and lists in force. */
  readonly files: number;
  readonly rules: Readonly<Record<RuleMode, number>>;
  readonly lists: number;
  readonly lastReload: Reload | null;
  /** Folder that is watched; `null` when it is not. */
  readonly watching: string | null;
}

export interface RuleStore {
  /** The rule set in force. Hold on to it while judging a callback: the next call may give another. */
  current(): RuleSet | null;
  /** Reads the folder now. Never rejects. */
  load(): Promise<Reload>;
  /** Loads again whenever the folder changes. Resolves when changes from now on will be noticed. */
  watch(): Promise<void>;
  status(): RuleStoreStatus;
  /** Calls a function after each reload. @returns a function that ends this */
  onReload(listener: (reload: Reload) => void): () => void;
  /** Ends watching; resolves when nothing of it runs any more. */
  close(): Promise<void>;
}

/**
 * A save is in force about 150 ms later: editors and `git checkout` write in several steps, closer
 * together than `quiet`; `atMost` bounds the wait when changes never end.
 */
const SETTLE = { quiet: 100, atMost: 500 };
const WATCH = { identityInterval: 250, scanInterval: 2000 };

/**
 * Milliseconds within which two writes may get the same time stamp (4 ms or 10 ms on Linux, with some
 * room). A file that young may change once more without a trace.
 */
const TIMESTAMP_GRAIN = 50;

interface LastRead {
  readonly signature: string;
  /** Whether an equal signature proves that nothing changed since. */
  readonly isCertain: boolean;
}

/** Creates a store. Nothing is read before `load` or `watch`. */
export function createRuleStore(options: RuleStoreOptions): RuleStore {
  const {
    folder,
    loader,
    lastGood,
    now = Date.now,
    onError = (error) => process.emitWarning(String(error)),
    onProgress = () => undefined,
  } = options;
  const listeners = new Set<(reload: Reload) => void>();
  let ruleSet: RuleSet | null = null;
  let keptAt: number | null = null;
  let lastReload: Reload | null = null;
  let lastRead: LastRead | undefined;
  let folders: ReadonlyMap<string, string> = new Map();
  let folderWatch: FolderWatch | undefined;
  let loading: Promise<unknown> = Promise.resolve();

  const settler = createSettler(async () => {
    try {
      await loadIfChanged();
      await folderWatch?.follow(folders);
    } catch (error) {
      onError(error);
    }
  }, SETTLE);

  async function loadIfChanged(): Promise<void> {
    const listing = await listFolder(folder);
    if (lastRead?.isCertain === true && lastRead.signature === listing.signature) {
      folders = listing.folders;
    } else {
      await load();
    }
  }

  function load(): Promise<Reload> {
    const next = loading.then(reload);
    loading = next;
    return next;
  }

  async function reload(): Promise<Reload> {
    const at = now();
    const begin = performance.now();
    const loaded = await loader.load({
      source: { type: 'folder', path: folder },
      onProgress,
      ...(lastGood !== undefined && { keepAt: lastGood }),
    });
    remember(loaded, at);
    const outcome = outcomeOf(loaded.ruleSet, keptAt === null ? ruleSet : null);
    const isNothingInForce = ruleSet === null && loaded.ruleSet === null;
    const warnings = isNothingInForce ? await fallBack() : [];
    if (loaded.ruleSet !== null) {
      // The same rules in force already stay, with everything that has been built for them.
      if (outcome === 'loaded') ruleSet = loaded.ruleSet;
      keptAt = null;
    }
    const done: Reload = {
      at,
      outcome,
      durationMs: performance.now() - begin,
      problems: sortProblems([...loaded.problems, ...warnings]),
      revision: ruleSet?.revision ?? null,
    };
    lastReload = done;
    for (const listener of listeners) tell(listener, done);
    return done;
  }

  function remember({ folder: state }: Loading, at: number): void {
    if (state === null) {
      lastRead = undefined;
      return;
    }
    const { signature, changedAt } = state;
    const isSameFolder = lastRead?.signature === signature;
    lastRead = { signature, isCertain: isSameFolder || changedAt < at - TIMESTAMP_GRAIN };
    folders = state.folders;
  }

  /** Puts in force what was kept. @returns why that could not be done */
  async function fallBack(): Promise<readonly LocatedProblem[]> {
    if (lastGood === undefined) return [];
    const kept = await loader.load({ source: { type: 'last-good', path: lastGood }, onProgress });
    if (kept.ruleSet !== null || kept.savedAt === null) {
      ({ ruleSet, savedAt: keptAt } = kept);
      return kept.problems;
    }
    const message = 'The last good rules are not good any more, so nothing is in force.';
    return [fileProblem(lastGood, message, { severity: 'warning' })];
  }

  function tell(listener: (reload: Reload) => void, reload: Reload): void {
    try {
      listener(reload);
    } catch (error) {
      onError(error);
    }
  }

  return {
    current: () => ruleSet,
    load,
    async watch() {
      folderWatch ??= await watchFolder({
        folder,
        folders,
        onChange: settler.trigger,
        onContent: () => loader.prepare?.(),
        onError,
        ...WATCH,
      });
      // What changed since the last load.
      settler.trigger();
    },
    status: () => ({
      revision: ruleSet?.revision ?? null,
      source: ruleSet === null ? null : keptAt === null ? 'files' : 'last-good',
      keptAt,
      files: ruleSet?.files ?? 0,
      rules: countByMode(ruleSet),
      lists: ruleSet?.lists ?? 0,
      lastReload,
      watching: folderWatch === undefined ? null : folder,
    }),
    onReload(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      await settler.close();
      await folderWatch?.close();
      await loading;
      await loader.close();
    },
  };
}

function outcomeOf(next: RuleSet | null, current: RuleSet | null): Reload['outcome'] {
  if (next === null) return 'refused';
  return next.revision === current?.revision ? 'unchanged' : 'loaded';
}

function countByMode(ruleSet: RuleSet | null): Readonly<Record<RuleMode, number>> {
  const counts = { enforce: 0, shadow: 0, off: 0 };
  for (const { mode } of ruleSet?.rules ?? []) counts[mode] += 1;
  return counts;
}
