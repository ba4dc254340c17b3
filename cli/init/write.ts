/** Writes starter files, and nothing over what is there. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PlatformName } from '../../adapters/index.js';
import { UserError } from '../suite/user-error.js';
import { starterFiles } from './starter.js';

/**
 * Writes all files or none.
 *
 * @param overwrites whether files that are there may be overwritten
 * @returns paths of what was written
 * @throws UserError when files are there already
 */
export function writeStarter(
  folder: string,
  platforms: readonly PlatformName[],
  overwrites: boolean,
): readonly string[] {
  const files = starterFiles(platforms, folder).map(({ path, text }) => ({ path: join(folder, path), text }));
  const existing = files.map(({ path }) => path).filter((path) => existsSync(path));
  if (existing.length > 0 && !overwrites) {
    const list = existing.map((path) => `  ${path}\n`).join('');
    throw new UserError(
      `These files are there already:\n${list}Nothing was written; --force overwrites them.`,
    );
  }
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return files.map(({ path }) => path);
}
