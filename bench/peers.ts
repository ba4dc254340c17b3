/** Packages that Callgate is compared with: installed when first needed, outside its own dependencies. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot, workFolder } from './root.js';

const SOURCE = join(projectRoot, 'bench', 'peers');
const FOLDER = join(workFolder, 'peers');
const FILES = ['package.json', 'package-lock.json'];

/** npm writes this file last, so an interrupted installation counts as none. */
const DONE = join(FOLDER, 'node_modules', '.package-lock.json');

function isInstalled(): boolean {
  if (!existsSync(DONE)) return false;
  return FILES.every((name) => {
    const installed = join(FOLDER, name);
    return existsSync(installed) && readFileSync(installed).equals(readFileSync(join(SOURCE, name)));
  });
}

/** Installs what bench/peers/package-lock.json names. @throws Error when npm fails */
export function installPeers(say: (progress: string) => void): void {
  if (isInstalled()) return;
  say('installing what Callgate is compared with');
  mkdirSync(FOLDER, { recursive: true });
  for (const name of FILES) cpSync(join(SOURCE, name), join(FOLDER, name));
  // Through a shell, since npm is npm.cmd on Windows.
  const { status } = spawnSync('npm ci --no-audit --no-fund', {
    cwd: FOLDER,
    shell: true,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`npm ci failed in ${FOLDER}`);
}

const requireFrom = createRequire(join(FOLDER, 'package.json'));

/** Path of a peer's main file, for a program of its own. */
export function resolvePeer(name: string): string {
  return requireFrom.resolve(name);
}

/**
 * Loads a peer.
 *
 * @typeParam T what is used of it; its types are not installed when Callgate is built
 */
export async function loadPeer<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(resolvePeer(name)).href)) as T;
}

/** Version of each peer, as installed. */
export function peerVersions(): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return dependencies;
}
