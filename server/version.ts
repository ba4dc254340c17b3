import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findPackage(from: string): string {
  const file = join(from, 'package.json');
  return existsSync(file) || dirname(from) === from ? file : findPackage(dirname(from));
}

function readVersion(file: string): string {
  const data: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
  if (typeof version !== 'string') throw new Error(`${file} has no version`);
  return version;
}

const file = findPackage(import.meta.dirname);

/** Folder of package.json: where the shipped config.yaml and rules lie. */
export const packageRoot = dirname(file);

/** Version of this program. */
export const version = readVersion(file);
