/** Rules of a configuration that says they are published. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { createPublishedOrigin } from '../fleet/published-origin.js';
import { readPublicKey } from '../fleet/signing.js';
import type { Redis } from '../state/redis/redis.js';
import type { Config } from '../store/config.js';
import type { RuleOrigin } from '../store/rule-origin.js';

export interface OriginParts {
  readonly config: Pick<Config, 'rules'>;
  /** File of the last good rules; what else is remembered lies beside it. */
  readonly lastGood: string;
  readonly fleetRedis?: Redis | undefined;
  readonly onError: (error: unknown) => void;
}

/** A key file that cannot be used; the message is for people. */
export class KeyFileError extends Error {}

/** `undefined` for rules of a folder. @throws KeyFileError */
export async function publishedOriginOf(parts: OriginParts): Promise<RuleOrigin | undefined> {
  const { config, lastGood, fleetRedis, onError } = parts;
  if (config.rules.type === 'folder' || fleetRedis === undefined) return undefined;
  return createPublishedOrigin({
    redis: fleetRedis,
    publicKey: await trustedKeyOf(config.rules),
    knownFile: join(dirname(lastGood), 'release.json'),
    onError,
  });
}

/** The key that releases must be signed with; `undefined` when none is asked for. @throws KeyFileError */
export async function trustedKeyOf(rules: Config['rules']): Promise<KeyObject | undefined> {
  if (rules.type === 'folder' || rules.publicKey === undefined) return undefined;
  try {
    return readPublicKey(await readFile(rules.publicKey, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KeyFileError(
      `The key that rules must be signed with cannot be used: ${rules.publicKey}: ${reason}.`,
    );
  }
}
