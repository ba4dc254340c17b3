/** The rules in force: loaded from where they come from, swapped whole, and kept when the next ones are broken. */
import type { RuleMode } from '../engine/decision.js';
import { NO_MEMORY, type SubjectMemory } from '../engine/memory.js';
import type { LocatedProblem } from '../engine/problem.js';
import type { RuleSet } from '../engine/rule-set.js';
import { fileProblem } from './read-text.js';
import type { Release } from './release.js';
import { sortProblems } from './report.js';
import type { Loading, RuleLoader } from './rule-loader.js';
import type { OriginWatch, RuleOrigin } from './rule-origin.js';
import { createSettler } from './settle.js';

export interface RuleStoreOptions {
  /** Where the rules come from. */
  readonly origin: RuleOrigin;
  /** Reads, checks and compiles. The store closes it in the end. */
  readonly loader: RuleLoader;
  /**
   * File in which the last good rules are kept, absolute path. The store starts on them when those that
   * shall be in force are broken or out of reach; without it, there is nothing to start on.
   */
  readonly lastGood?: string;
  /** The wall clock: milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of what must not stop the store: failures of watching, exceptions of listeners. */
  readonly onError?: (error: unknown) => void;
  /** Told now and then during a load how many of the rule files have been read. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One attempt to put rules in force. */
export interface Reload {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  /**
   * - `loaded`: other rules have come into force
   * - `unchanged`: the rules are those in force already
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
   * Where the rules in force come from: the folder's files, a release that was published, or what was kept
   * before a restart, because there are no good ones now. `null` when nothing is in force.
   */
  readonly source: 'files' | 'published' | 'last-good' | null;
  /** Of `published`: the release in force. */
  readonly release: Release | null;
  /** Where releases must be signed: the number of the latest one that is known. None that is older is taken. */
  readonly latestRelease: number | null;
  /** Of `last-good`: when the rules were kept, in milliseconds since 1970. */
  readonly keptAt: number | null;
  /** Rule files, rules by mode, and lists in force. */
  readonly files: number;
  readonly rules: Readonly<Record<RuleMode, number>>;
  readonly lists: number;
  /** Names of the live lists in force. */
  readonly liveLists: readonly string[];
  /** Ladders and labels in force. */
  readonly memory: SubjectMemory;
  readonly lastReload: Reload | null;
  /** Path of the folder that is watched, or the name of another place; `null` when none is. */
  readonly watching: string | null;
}

export interface RuleStore {
  /** The rule set in force. Hold on to it while judging a callback: the next call may give another. */
  current(): RuleSet | null;
  /** Loads what there is now. Never rejects. */
  load(): Promise<Reload>;
  /** Loads again whenever there are other rules. Resolves when changes from now on will be noticed. */
  watch(): Promise<void>;
  status(): RuleStoreStatus;
  /** Calls a function after each reload. @returns a function that ends this */
  onReload(listener: (reload: Reload) => void): () => void;
  /** Ends watching; resolves when nothing of it runs any more. */
  close(): Promise<void>;
}

/** Creates a store. Nothing is read before `load` or `watch`. */
export function createRuleStore(options: RuleStoreOptions): RuleStore {
  const {
    origin,
    loader,
    lastGood,
    now = Date.now,
    onError = (error) => process.emitWarning(String(error)),
    onProgress = () => undefined,
  } = options;
  const listeners = new Set<(reload: Reload) => void>();
  let ruleSet: RuleSet | null = null;
  let release: Release | null = null;
  let keptAt: number | null = null;
  let lastReload: Reload | null = null;
  let originWatch: OriginWatch | undefined;
  let loading: Promise<unknown> = Promise.resolve();

  const settler = createSettler(async () => {
    try {
      if (await origin.hasChanged()) await load();
      await originWatch?.follow();
    } catch (error) {
      onError(error);
    }
  }, origin.settle);

  function load(): Promise<Reload> {
    const next = loading.then(reload);
    loading = next;
    return next;
  }

  async function reload(): Promise<Reload> {
    const at = now();
    const begin = performance.now();
    const { loaded, release: next } = await loadFound();
    origin.loaded(loaded, at);
    const outcome = outcomeOf(loaded.ruleSet, keptAt === null ? ruleSet : null);
    const isNothingInForce = ruleSet === null && loaded.ruleSet === null;
    const warnings = isNothingInForce ? await fallBack() : [];
    if (loaded.ruleSet !== null) {
      // The same rules in force already stay, with everything that has been built for them.
      if (outcome === 'loaded') ruleSet = loaded.ruleSet;
      release = next;
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

  async function loadFound(): Promise<{ loaded: Loading; release: Release | null }> {
    const found = await origin.find();
    if (found.source === null) {
      const loaded = { ruleSet: null, problems: found.problems, folder: null, savedAt: null };
      return { loaded, release: null };
    }
    const { source, release: next } = found;
    const keepAt = lastGood === undefined ? {} : { keepAt: lastGood };
    return { loaded: await loader.load({ source, onProgress, ...keepAt }), release: next };
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
      originWatch ??= await origin.watch({
        onChange: settler.trigger,
        onContent: () => loader.prepare?.(),
        onError,
      });
      // What changed since the last load.
      settler.trigger();
    },
    status: () => ({
      revision: ruleSet?.revision ?? null,
      source: ruleSet === null ? null : sourceOf(keptAt, release),
      release,
      latestRelease: origin.latestRelease(),
      keptAt,
      files: ruleSet?.files ?? 0,
      rules: countByMode(ruleSet),
      lists: ruleSet?.lists ?? 0,
      liveLists: ruleSet?.liveLists ?? [],
      memory: ruleSet?.memory ?? NO_MEMORY,
      lastReload,
      watching: originWatch === undefined ? null : origin.place,
    }),
    onReload(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      await settler.close();
      await originWatch?.close();
      await loading;
      await loader.close();
    },
  };
}

function outcomeOf(next: RuleSet | null, current: RuleSet | null): Reload['outcome'] {
  if (next === null) return 'refused';
  return next.revision === current?.revision ? 'unchanged' : 'loaded';
}

function sourceOf(keptAt: number | null, release: Release | null): 'files' | 'published' | 'last-good' {
  if (keptAt !== null) return 'last-good';
  return release === null ? 'files' : 'published';
}

function countByMode(ruleSet: RuleSet | null): Readonly<Record<RuleMode, number>> {
  const counts = { enforce: 0, shadow: 0, off: 0 };
  for (const { mode } of ruleSet?.rules ?? []) counts[mode] += 1;
  return counts;
}
