/** Loads rules in a thread of its own; callbacks wait for none of it but a few short steps. */
import { setImmediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { RuleSetImage } from '../engine/image/image.js';
import { openInSteps } from '../engine/image/open.js';
import type { LiveLists } from '../engine/live/live-lists.js';
import type { LocatedProblem } from '../engine/problem.js';
import type { RuleContext, RuleSet } from '../engine/rule-set.js';
import { NO_KNOWLEDGE } from './compile-files.js';
import { listFolder } from './folder-listing.js';
import type { ThreadLoaded } from './load-protocol.js';
import { keepRules, loadRules } from './load-rules.js';
import { startLoadThread, ThreadSilent, type LoadThread } from './load-thread.js';
import { fileProblem } from './read-text.js';
import type { Loading, LoadRequest, RuleLoader } from './rule-loader.js';

export interface ThreadLoaderOptions {
  readonly context: RuleContext;
  /** Where the rules find live lists; without it, they are empty. */
  readonly live?: LiveLists | undefined;
  /** Told of what must not stop the loader. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds without a word after which a thread that has work counts as hung. */
  readonly silenceLimit?: number;
  /** The program of the thread. */
  readonly script?: URL;
  /** Bytes up to which a folder is loaded in place at first, where starting a thread takes longer. */
  readonly inPlaceBelow?: number;
  /** Milliseconds after which a thread without work ends. */
  readonly idleLimit?: number;
}

const DEFAULTS = {
  silenceLimit: 60_000,
  script: new URL('./load-worker.js', import.meta.url),
  inPlaceBelow: 128 * 1024,
  // Saves often come one after the other, and the memory of a thread is not small.
  idleLimit: 2000,
};
/** Milliseconds of this thread that are taken in one go. */
const STEP = 2;
/** Threads that are started for one load: one may have died of something that is over. */
const ATTEMPTS = 2;

/** Creates a loader. A thread is started when there is work, and ends when there has been none for a while. */
export function createThreadLoader(options: ThreadLoaderOptions): RuleLoader {
  const { context, live, onError, silenceLimit, script, inPlaceBelow, idleLimit } = {
    ...DEFAULTS,
    ...options,
  };
  const background = createBackground(onError);
  let thread: LoadThread | undefined;
  let idleTimer: NodeJS.Timeout | undefined;
  let isFirst = true;
  let isClosed = false;
  /** What the last load knew, for a thread that is started later. */
  let knowledge: MessagePort | null = null;

  function alive(): LoadThread {
    clearTimeout(idleTimer);
    if (thread?.isAlive() !== true) {
      thread = startLoadThread({ script, start: { context, knowledge }, silenceLimit, onIdle, onError });
      knowledge = null;
    }
    return thread;
  }

  function onIdle(): void {
    clearTimeout(idleTimer);
    if (isClosed) return;
    idleTimer = setTimeout(retire, idleLimit);
    idleTimer.unref();
  }

  function retire(): void {
    if (thread !== undefined) background.add(thread.close());
    thread = undefined;
  }

  function remember(port: MessagePort): void {
    knowledge?.close();
    knowledge = port;
    port.unref();
  }

  async function loadInThread({ source, onProgress, keepAt }: LoadRequest): Promise<Loading> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await thread?.idle();
        const loaded = await alive().load({ source, keepAt: keepAt ?? null }, onProgress);
        remember(loaded.knowledge);
        return await open(loaded, live);
      } catch (error) {
        if (attempt === ATTEMPTS || error instanceof ThreadSilent) return failure(error);
        onError(error);
      }
    }
  }

  async function loadInPlace({ source, onProgress, keepAt }: LoadRequest): Promise<Loading> {
    const loaded = await loadRules(source, { context, knowledge: NO_KNOWLEDGE, onProgress });
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(loaded.knowledge);
    port1.close();
    remember(port2);
    const { image, problems, folder, savedAt, files } = loaded;
    if (keepAt !== undefined && image !== null) background.add(keepRules(keepAt, files, Date.now()));
    return { ruleSet: image === null ? null : await openRules(image, live), problems, folder, savedAt };
  }

  return {
    async load(request) {
      const { source } = request;
      const isSmall =
        isFirst && source.type === 'folder' && (await listFolder(source.path)).bytes < inPlaceBelow;
      isFirst = false;
      return isSmall ? loadInPlace(request) : loadInThread(request);
    },
    prepare() {
      if (isFirst || isClosed || thread?.isAlive() === true) return;
      alive();
      onIdle();
    },
    async close() {
      isClosed = true;
      clearTimeout(idleTimer);
      await thread?.close();
      await background.end();
      knowledge?.close();
    },
  };
}

/** Work that nobody waits for before the end. */
function createBackground(onError: (error: unknown) => void) {
  const pending = new Set<Promise<void>>();
  return {
    add(work: Promise<void>): void {
      const done = work.catch(onError).finally(() => pending.delete(done));
      pending.add(done);
    },
    async end(): Promise<void> {
      await Promise.all(pending);
    },
  };
}

async function open(
  { image, problems: slices, folder, savedAt }: ThreadLoaded,
  live: LiveLists | undefined,
): Promise<Loading> {
  const ruleSet = image === null ? null : await openRules(image, live);
  const problems: LocatedProblem[] = [];
  for (const slice of slices) {
    // Written by `load-worker.ts`, and by nobody else.
    problems.push(...(JSON.parse(slice) as readonly LocatedProblem[]));
    await setImmediate();
  }
  return { ruleSet, problems, folder, savedAt };
}

async function openRules(image: RuleSetImage, live: LiveLists | undefined): Promise<RuleSet> {
  const steps = openInSteps(image, live);
  for (;;) {
    const end = performance.now() + STEP;
    while (performance.now() < end) {
      const { done, value } = steps.next();
      if (done === true) return value;
    }
    await setImmediate();
  }
}

function failure(error: unknown): Loading {
  const message = `The rules could not be loaded: ${error instanceof Error ? error.message : String(error)}.`;
  const problems = [fileProblem('.', message, { code: 'internal-error' })];
  return { ruleSet: null, problems, folder: null, savedAt: null };
}
