/** The rules in force: read from a folder, checked, swapped whole, and kept when the next ones are broken. */
import type { RuleMode } from '../engine/decision.js';
import type { LocatedProblem, ProblemCode } from '../engine/problem.js';
import type { CompileResult, RuleFolder, RuleSet } from '../engine/rule-set.js';
import { listFolder } from './folder-listing.js';
import { watchFolder, type FolderWatch } from './folder-watch.js';
import { fileProblem } from './read-text.js';
import { sortProblems } from './report.js';
import { readRulesFolder, type FolderReading } from './rules-folder.js';
import { createSettler } from './settle.js';

export interface RuleStoreOptions {
  /** Absolute path of the rules folder. */
  readonly folder: string;
  /** Checks and compiles what was read. */
  readonly compile: (folder: RuleFolder) => CompileResult | Promise<CompileResult>;
  /** The wall clock: milliseconds since 1970. */
  readonly now?: () => number;
  /** Told of what must not stop the store: failures of watching, exceptions of listeners. */
  readonly onError?: (error: unknown) => void;
}

/** One attempt to put the folder's rules in force. */
export interface Reload {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  /**
   * - `loaded`: a new revision is in force
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

/** Mistakes that may be gone once the files are readable again: what they miss may stand there. */
const CONSEQUENCES: ReadonlySet<ProblemCode> = new Set([
  'file-unreadable',
  'unknown-list',
  'unknown-condition',
  'unused-list',
  'unused-condition',
  'example-failed',
]);

interface LastRead {
  readonly signature: string;
  /** Whether an equal signature proves that nothing changed since. */
  readonly isCertain: boolean;
}

/** Creates a store. Nothing is read before `load` or `watch`. */
export function createRuleStore(options: RuleStoreOptions): RuleStore {
  const {
    folder,
    compile,
    now = Date.now,
    onError = (error) => process.emitWarning(String(error)),
  } = options;
  const listeners = new Set<(reload: Reload) => void>();
  let ruleSet: RuleSet | null = null;
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
    const reading = await readRulesFolder(folder);
    const { signature, changedAt } = reading.listing;
    const isSameFolder = lastRead?.signature === signature;
    lastRead = { signature, isCertain: isSameFolder || changedAt < at - TIMESTAMP_GRAIN };
    folders = reading.listing.folders;
    const result = await compileReading(reading, compile);
    const outcome = outcomeOf(result.ruleSet, ruleSet);
    ruleSet = result.ruleSet ?? ruleSet;
    const revision = ruleSet?.revision ?? null;
    const done: Reload = {
      at,
      outcome,
      durationMs: performance.now() - begin,
      problems: result.problems,
      revision,
    };
    lastReload = done;
    for (const listener of listeners) tell(listener, done);
    return done;
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
      folderWatch ??= await watchFolder({ folder, folders, onChange: settler.trigger, onError, ...WATCH });
      // What changed since the last load.
      settler.trigger();
    },
    status: () => ({
      revision: ruleSet?.revision ?? null,
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

interface Compiled {
  readonly ruleSet: RuleSet | null;
  readonly problems: readonly LocatedProblem[];
}

/** Compiles what could be read even when something could not, so that all mistakes are told at once. */
export async function compileReading(
  reading: FolderReading,
  compile: RuleStoreOptions['compile'],
): Promise<Compiled> {
  const isReadable = reading.problems.every(({ severity }) => severity === 'warning');
  const result = await compileSafely(reading.folder, compile);
  const found = result.problems
    .filter(({ code }) => isReadable || !CONSEQUENCES.has(code))
    .map((problem) => reading.locate(problem));
  const problems = sortProblems([...reading.problems, ...found]);
  const isGood = problems.every(({ severity }) => severity === 'warning');
  return { ruleSet: isGood ? result.ruleSet : null, problems };
}

async function compileSafely(
  folder: RuleFolder,
  compile: RuleStoreOptions['compile'],
): Promise<CompileResult> {
  try {
    return await compile(folder);
  } catch (error) {
    const message = `The rules could not be compiled: ${error instanceof Error ? error.message : String(error)}`;
    return { ruleSet: null, problems: [fileProblem('.', message, { code: 'internal-error' })] };
  }
}
