/** Configuration and Redis, for commands about the fleet. */
import type { KeyObject } from 'node:crypto';
import { createReleases, type Releases } from '../../fleet/releases.js';
import { readRoll } from '../../fleet/roll.js';
import { whenConnected } from '../../fleet/when-connected.js';
import { KeyFileError, trustedKeyOf } from '../../server/published-rules.js';
import { connectRedis } from '../../state/redis/connect.js';
import type { Redis } from '../../state/redis/redis.js';
import { loadConfig, type Config } from '../../store/config.js';
import { formatProblems } from '../../store/report.js';
import { configFileOf } from '../config-file.js';
import { UserError } from '../suite/user-error.js';

export interface FleetSession {
  readonly config: Config;
  readonly redis: Redis;
  readonly releases: Releases;
  /** What gates with this configuration trust; `undefined` when they take any release. */
  readonly publicKey: KeyObject | undefined;
}

/** Milliseconds to wait for a connection, and for the answer to a command. */
const CONNECT_LIMIT = 5_000;
const TIMEOUT = 10_000;

/** Does work with Redis. @throws UserError when there is none, or it cannot be asked */
export async function withFleet(
  named: string | undefined,
  work: (session: FleetSession) => Promise<void>,
): Promise<void> {
  const file = configFileOf(named);
  const { config, problems } = await loadConfig({ file, environment: process.env });
  if (config === null) throw new UserError(formatProblems(problems));
  if (config.state.type !== 'redis') {
    throw new UserError(
      `${file}: this needs Redis, for example \`state: { redis: redis://127.0.0.1:6379 }\`.`,
    );
  }
  const publicKey = await keyOrUserError(config);
  const { redis: settings } = config.state;
  const redis = connectRedis({ ...settings, timeout: TIMEOUT }, { onError: () => undefined });
  try {
    if (!(await whenConnected(redis, CONNECT_LIMIT))) {
      throw new UserError(`Redis cannot be reached: ${redis.status().lastError ?? 'no answer'}.`);
    }
    await work({ config, redis, releases: createReleases(redis), publicKey });
  } finally {
    await redis.close();
  }
}

/** Numbers of the releases that run somewhere, or have been known there. */
export async function runningReleases(redis: Redis): Promise<readonly number[]> {
  const { heard } = await readRoll(redis);
  const numbers = heard.flatMap(({ beat }) => [beat.release, beat.latestRelease]);
  return numbers.filter((number) => number !== null);
}

async function keyOrUserError({ rules }: Config): Promise<KeyObject | undefined> {
  try {
    return await trustedKeyOf(rules);
  } catch (error) {
    throw error instanceof KeyFileError ? new UserError(error.message) : error;
  }
}
