/** Loads the rules for the first time: from the files, else the last good ones, else not at all. */
import { dirname, join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { LiveLists } from '../engine/live/live-lists.js';
import type { Redis } from '../state/redis/redis.js';
import type { Config } from '../store/config.js';
import { formatProblems, summarize } from '../store/report.js';
import type { RuleStore } from '../store/rule-store.js';
import type { TextOutput } from './announce.js';
import { describeError } from './errors.js';
import { KeyFileError, publishedOriginOf } from './published-rules.js';
import { rulesPlaceOf } from './rules-place.js';
import { openRuleStore } from './rules.js';

/** There is nothing to start on; the message is the whole report. */
export class NoRulesError extends Error {}

export interface FirstLoadParts {
  readonly config: Pick<Config, 'apps' | 'rules'>;
  /** File in which the last good rules are kept; see {@link lastGoodFileOf}. */
  readonly lastGood: string;
  /** Where rules are published; closed when none come into force. */
  readonly fleetRedis?: Redis | undefined;
  /** Where the rules find live lists; without it, they are empty. */
  readonly live?: LiveLists | undefined;
  readonly logger: Logger;
  /** Gets a line now and then while loading takes long. */
  readonly out: TextOutput;
}

/** Milliseconds between two lines of progress. */
const PROGRESS_INTERVAL = 1000;

/** Where the last good rules of a configuration are kept: `.callgate/last-good.json` beside its file. */
export function lastGoodFileOf(configFile: string): string {
  return join(dirname(resolve(configFile)), '.callgate', 'last-good.json');
}

/** Opens a rule store and loads it. @throws NoRulesError when no rules come into force */
export async function openLoadedRules(parts: FirstLoadParts): Promise<RuleStore> {
  try {
    return await openAndLoad(parts);
  } catch (error) {
    await parts.fleetRedis?.close();
    throw error instanceof KeyFileError ? new NoRulesError(error.message) : error;
  }
}

async function openAndLoad(parts: FirstLoadParts): Promise<RuleStore> {
  const { config, lastGood, logger, out } = parts;
  const onError = (error: unknown): void =>
    logger.error({ cause: 'internal-error' }, `rule store: ${describeError(error)}`);
  const progress = createProgressLines(out);
  const origin = await publishedOriginOf({ ...parts, onError });
  const ruleStore = openRuleStore(config, onError, {
    lastGood,
    onProgress: progress.tell,
    origin,
    live: parts.live,
  });
  const { problems } = await ruleStore.load();
  progress.end();
  if (ruleStore.current() === null) {
    await ruleStore.close();
    throw new NoRulesError(formatProblems(problems, { folder: rulesPlaceOf(config.rules) }));
  }
  const { source, revision } = ruleStore.status();
  if (source === 'last-good') {
    logger.error(
      { cause: 'last-good', revision, problems: summarize(problems) },
      `${config.rules.type === 'folder' ? 'rule files refused' : 'published rules not in force'}, started on the last good rules`,
    );
  }
  return ruleStore;
}

function createProgressLines(out: TextOutput) {
  let nextAt = performance.now() + PROGRESS_INTERVAL;
  return {
    tell(done: number, total: number): void {
      if (performance.now() < nextAt) return;
      nextAt = performance.now() + PROGRESS_INTERVAL;
      out.write(`Reading rules: ${done} of ${total} files.\n`);
    },
    /** Later loads are nobody's wait. */
    end(): void {
      nextAt = Infinity;
    },
  };
}
