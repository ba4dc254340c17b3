/** Who publishes, why, with which key: what the commands that publish have in common. */
import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { InvalidArgumentError, type Command } from 'commander';
import type { KeyObject } from 'node:crypto';
import type { Imprint } from '../../fleet/publish.js';
import { isSignedBy, readPrivateKey, signText, UnusableKey } from '../../fleet/signing.js';
import { UserError } from '../suite/user-error.js';
import { runningReleases, type FleetSession } from './session.js';

export interface ImprintOptions {
  readonly config?: string;
  readonly key?: string;
  readonly by?: string;
  readonly note?: string;
  /** Seconds. */
  readonly wait: number;
}

/** Holds the key, or the path of its file. */
export const KEY_VARIABLE = 'CALLGATE_SIGNING_KEY';

const MOST_WAIT = 3600;
const WAIT = 5;
/** Characters of a note or name that are kept. */
const MOST_TEXT = 500;

export function addImprintOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
    .option('--key <file>', `PEM file of the Ed25519 key to sign with (default: ${KEY_VARIABLE})`)
    .option('--by <name>', 'who publishes (default: user@host)')
    .option('--note <text>', 'why')
    .option('--wait <seconds>', 'how long to wait until every process has taken it', readSeconds, WAIT);
}

/** @throws UserError when the key is missing or of no use to the gates */
export async function imprintOf(
  { redis, publicKey }: FleetSession,
  { key, by, note = '' }: ImprintOptions,
): Promise<Imprint> {
  const privateKey = signingKey(key ?? process.env[KEY_VARIABLE]);
  if (publicKey !== undefined) requireTrusted(privateKey, publicKey);
  return {
    by: (by ?? defaultName()).slice(0, MOST_TEXT),
    note: note.slice(0, MOST_TEXT),
    at: Date.now(),
    privateKey,
    running: await runningReleases(redis),
  };
}

function signingKey(named: string | undefined): KeyObject | undefined {
  if (named === undefined || named === '') return undefined;
  try {
    return readPrivateKey(named.includes('-----BEGIN') ? named : readFileSync(named, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The key to sign with cannot be used: ${reason}${error instanceof UnusableKey ? '.' : ''}`,
    );
  }
}

function requireTrusted(privateKey: KeyObject | undefined, publicKey: KeyObject): void {
  if (privateKey === undefined) {
    throw new UserError(
      `The gates take signed rules only (\`rules.publicKey\`): name the key with --key FILE or ${KEY_VARIABLE}.`,
    );
  }
  const probe = 'probe';
  if (isSignedBy(probe, signText(probe, privateKey), publicKey)) return;
  throw new UserError('The gates would refuse this key: `rules.publicKey` is not its public half.');
}

function defaultName(): string {
  return `${userName()}@${hostname()}`;
}

/** A process may run as a user without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !(seconds >= 0 && seconds <= MOST_WAIT)) {
    throw new InvalidArgumentError(`Expected seconds from 0 to ${MOST_WAIT}.`);
  }
  return seconds;
}
