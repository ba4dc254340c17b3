/** Rules that were published over Redis. */
import type { KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Redis } from '../state/redis/redis.js';
import { fileProblem } from '../store/read-text.js';
import type { Release } from '../store/release.js';
import type { Loading } from '../store/rule-loader.js';
import type { Found, RuleOrigin } from '../store/rule-origin.js';
import { readKnownRelease, writeKnownRelease } from './known-release.js';
import { fleetNames } from './names.js';
import {
  acceptRecord,
  contentHash,
  RefusedRelease,
  type KnownRelease,
  type ReleaseRecord,
} from './record.js';
import { createReleases } from './releases.js';
import { whenConnected } from './when-connected.js';

export interface PublishedOriginOptions {
  readonly redis: Redis;
  /** Releases must be signed with its private half; without it, any is taken. */
  readonly publicKey?: KeyObject | undefined;
  /** File that remembers the latest release that was taken. */
  readonly knownFile?: string | undefined;
  /** Told of what must not stop it. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds between two looks. */
  readonly interval?: number;
  /** Milliseconds that the first look waits for a connection. */
  readonly patience?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What people see instead of the path of a folder. */
export const PUBLISHED_PLACE = 'published rules';

const DEFAULTS = { interval: 500, patience: 3000, now: Date.now };
/** Milliseconds until rules are tried again that could not be loaded for a reason of this process. */
const TRY_AGAIN = 10_000;

export function createPublishedOrigin(options: PublishedOriginOptions): RuleOrigin {
  const { redis, publicKey, knownFile, onError } = options;
  const { interval, patience, now } = { ...DEFAULTS, ...options };
  const releases = createReleases(redis);
  const names = fleetNames(redis.settings.prefix);
  let known: KnownRelease | null = null;
  let isFirst = true;
  /** Text of the record that was looked at last; `undefined` when none was, or not to the end. */
  let seen: string | null | undefined;
  let looking: { text: string | null; record: ReleaseRecord | null } | undefined;
  let notBefore = 0;

  async function prepare(): Promise<void> {
    isFirst = false;
    if (knownFile !== undefined && publicKey !== undefined) known = await readKnownRelease(knownFile);
    await whenConnected(redis, patience);
  }

  async function look(): Promise<Found> {
    const text = await releases.current();
    looking = { text, record: null };
    if (text === null) {
      return refused('Nothing has been published.', 'Publish rules: `callgate publish FOLDER`.');
    }
    const record = acceptRecord(text, publicKey, known);
    const bytes = await releases.content(record.content);
    if (bytes === null) throw new RefusedRelease(`the files of release ${record.number} are missing`);
    // What a process has to do at once must be short; hashing takes milliseconds.
    await setImmediate();
    if (contentHash(bytes) !== record.content) {
      throw new RefusedRelease(`the files of release ${record.number} are not those that were published`);
    }
    looking = { text, record };
    return { source: { type: 'packed', bytes }, release: releaseOf(record) };
  }

  /** What is known is written one after the other, and to the end before the watch is over. */
  let writing: Promise<void> = Promise.resolve();

  /** A genuine release that does not compile is known all the same: what is older stays old. */
  function remember({ number, content }: ReleaseRecord): void {
    if (publicKey === undefined || known?.number === number) return;
    known = { number, content };
    const latest = known;
    if (knownFile !== undefined) {
      writing = writing.then(() => writeKnownRelease(knownFile, latest)).catch(onError);
    }
  }

  return {
    place: PUBLISHED_PLACE,
    settle: { quiet: 0, atMost: 0 },
    async find() {
      looking = undefined;
      try {
        if (isFirst) await prepare();
        return await look();
      } catch (error) {
        if (error instanceof RefusedRelease) return refused(`Refused: ${error.message}.`);
        looking = undefined;
        const reason = error instanceof Error ? error.message : String(error);
        return refused(`Redis cannot be asked for the published rules: ${reason}.`);
      }
    },
    loaded(loading) {
      if (looking === undefined) {
        seen = undefined;
        return;
      }
      const { text, record } = looking;
      if (record !== null) remember(record);
      const isOurFault = hasInternalError(loading);
      seen = isOurFault ? undefined : text;
      notBefore = isOurFault ? now() + TRY_AGAIN : 0;
    },
    latestRelease: () => known?.number ?? null,
    async hasChanged() {
      if (now() < notBefore) return false;
      try {
        return (await releases.current()) !== seen;
      } catch {
        // The rules in force stay; the connection tells how it is.
        return false;
      }
    },
    watch({ onChange, onContent }) {
      const timer = setInterval(onChange, interval);
      timer.unref();
      const onNews = (): void => {
        onContent();
        onChange();
      };
      redis.subscribe(names.channel, onNews, onChange).catch(onError);
      return Promise.resolve({
        follow: () => Promise.resolve(),
        close() {
          clearInterval(timer);
          return writing;
        },
      });
    },
  };
}

function refused(message: string, hint?: string): Found {
  return { source: null, problems: [fileProblem('.', message, hint === undefined ? {} : { hint })] };
}

function releaseOf({ number, revision, at, by, note }: ReleaseRecord): Release {
  return { number, revision, at, by, note };
}

function hasInternalError({ problems }: Loading): boolean {
  return problems.some(({ code }) => code === 'internal-error');
}
