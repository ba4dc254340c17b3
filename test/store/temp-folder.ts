import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TempFolder {
  readonly path: string;
  /** Path of an entry. */
  at(name: string): string;
  /** Writes a file in place, folders made as needed. */
  write(name: string, content: string | Buffer): void;
  remove(): void;
}

/** A new folder of its own for one test. */
export function createTempFolder(): TempFolder {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'callgate-test-'));
  const at = (name: string): string => join(path, name);
  return {
    path,
    at,
    write(name, content) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    },
    // What has just been closed may still be writing there.
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }),
  };
}
