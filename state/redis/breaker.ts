/** Lets the process count for itself while Redis is slow or gone, and tells Redis afterwards. */
import type { StateAnswer, StateCommand, StateStore } from '../../engine/state.js';
import { delayAfter } from './back-off.js';
import { createJournal, isOver } from './journal.js';
import { PartialAnswerError } from './store.js';
import { within } from './within.js';

export interface StandInOptions {
  /** Milliseconds for which a run waits for the remote store. */
  readonly timeout: number;
  /** How many failures in a row open the breaker; 5 by default. */
  readonly mostFailures?: number;
  /** How many commands are kept for the remote store; 50,000 by default. */
  readonly journal?: number;
  /** Called when the breaker opens, is half open, or closes. */
  readonly onChange?: (status: StandInStatus) => void;
}

export interface StandInStatus {
  /**
   * - `closed`: the remote store is asked
   * - `open`: it is not
   * - `half-open`: it is being told what happened meanwhile, and is asked again after that
   */
  readonly state: 'closed' | 'open' | 'half-open';
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Runs so far that the remote store did not answer wholly. */
  readonly failures: number;
  /** Runs so far that were answered by the process itself, at least in part. */
  readonly local: number;
  /** Commands that the remote store is still to be told. */
  readonly journal: number;
  /** Commands that it will never be told, since there were too many. */
  readonly dropped: number;
  /** What went wrong last. */
  readonly lastError?: string;
}

export interface StandIn extends StateStore {
  run(commands: readonly StateCommand[]): Promise<StateAnswer>;
  status(): StandInStatus;
  /** Says that the remote store may be there again, so that it is tried now. */
  retry(): void;
  /** Sends what is left in the journal, as far as the remote store takes it at once, and stops trying. */
  close(): Promise<void>;
}

/** Milliseconds between attempts to reach the remote store again. */
const DELAYS = { first: 200, most: 5000 };
/** Commands that are sent at once from the journal: few enough that Redis keeps nobody else waiting for long. */
const BATCH = 200;
const MOST_FAILURES = 5;
const JOURNAL = 50_000;

/** Asks for something that is never there. */
const PROBE: StateCommand = {
  type: 'label',
  effect: 'read',
  owner: 'probe',
  key: 'probe',
  at: 0,
  until: 0,
};

/**
 * A store that asks `remote`, and `local` for what `remote` has not answered in time. While the remote store works, the
 * local one is told nothing. What changed meanwhile is sent later: tokens and moments make sure that what arrives
 * twice counts once; only a count without a token, sent as the remote store went away, may count twice.
 */
export function withStandIn(remote: StateStore, local: StateStore, options: StandInOptions): StandIn {
  const { timeout, mostFailures = MOST_FAILURES, journal: capacity = JOURNAL, onChange } = options;
  const journal = createJournal(capacity);
  let state: StandInStatus['state'] = 'closed';
  let since = Date.now();
  let lastError: string | undefined;
  let inRow = 0;
  let failures = 0;
  let localRuns = 0;
  let attempts = 0;
  let latest = 0;
  /** Commands that were taken out of the journal and may have to go back. */
  let sending = 0;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;
  let isClosed = false;

  function status(): StandInStatus {
    return {
      state,
      since,
      failures,
      local: localRuns,
      journal: journal.size() + sending,
      dropped: journal.dropped(),
      ...(lastError !== undefined && { lastError }),
    };
  }

  function turn(next: StandInStatus['state']): void {
    if (next === state) return;
    state = next;
    since = Date.now();
    onChange?.(status());
  }

  const ask = (commands: readonly StateCommand[]): Promise<StateAnswer> =>
    within(Promise.resolve(remote.run(commands)), timeout);

  function failed(error: unknown): void {
    failures += 1;
    lastError = error instanceof Error ? error.message : String(error);
    // The rest of a Cluster is there, and the part that is not is known at once: nothing is gained by waiting.
    if (error instanceof PartialAnswerError) return;
    inRow += 1;
    if (inRow >= mostFailures) turn('open');
  }

  async function standIn(
    commands: readonly StateCommand[],
    known: readonly (number | undefined)[],
  ): Promise<StateAnswer> {
    const missing = commands.filter((_, index) => known[index] === undefined);
    localRuns += 1;
    journal.add(missing);
    plan();
    const found = (await local.run(missing)).results.values();
    return { results: commands.map((_, index) => known[index] ?? found.next().value ?? 0), isLocal: true };
  }

  function plan(): void {
    if (isClosed || timer !== undefined || (state === 'closed' && journal.size() === 0)) return;
    timer = setTimeout(() => void flush(), delayAfter(attempts, DELAYS));
    timer.unref();
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    flushing ??= tryFlush().finally(() => {
      flushing = undefined;
      plan();
    });
    return flushing;
  }

  async function tryFlush(): Promise<void> {
    attempts += 1;
    try {
      if (state !== 'closed') {
        await probe();
        turn('half-open');
        // What comes meanwhile is told too, but when more comes than can be told, this must not go on for ever.
        await send(2 * journal.size());
      }
      inRow = 0;
      turn('closed');
      if (await send(Infinity)) attempts = 0;
    } catch (error) {
      failed(error);
      if (state === 'half-open') turn('open');
    }
  }

  async function probe(): Promise<void> {
    try {
      await ask([PROBE]);
    } catch (error) {
      if (!(error instanceof PartialAnswerError)) throw error;
    }
  }

  /**
   * Tells the remote store about as many commands as wanted.
   *
   * @returns whether it could be told each of them
   * @throws Error when the remote store fails
   */
  async function send(most: number): Promise<boolean> {
    const left: StateCommand[] = [];
    try {
      for (let sent = 0; sent < most; sent += BATCH) {
        const batch = journal.take(BATCH);
        if (batch.length === 0) break;
        const due = batch.filter((command) => !isOver(command, latest));
        sending = left.length + due.length;
        try {
          await ask(due);
        } catch (error) {
          const known = error instanceof PartialAnswerError ? error.results : [];
          left.push(...due.filter((_, index) => known[index] === undefined));
          if (!(error instanceof PartialAnswerError)) throw error;
        }
      }
    } finally {
      sending = 0;
      if (left.length > 0) journal.putBack(left);
    }
    return left.length === 0;
  }

  return {
    async run(commands) {
      for (const { at } of commands) if (at > latest) latest = at;
      if (commands.length === 0) return { results: [], isLocal: false };
      if (state !== 'closed') return standIn(commands, []);
      try {
        const answer = await ask(commands);
        inRow = 0;
        return answer;
      } catch (error) {
        failed(error);
        return standIn(commands, error instanceof PartialAnswerError ? error.results : []);
      }
    },
    status,
    retry() {
      if (state === 'open' || journal.size() > 0) void flush();
    },
    async close() {
      isClosed = true;
      await flushing;
      if (journal.size() > 0) await flush();
      clearTimeout(timer);
    },
  };
}
