/** The latest release that was taken here, remembered over a restart, so that no older one is taken again. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { isRecord } from '../store/data.js';
import type { KnownRelease } from './record.js';

/** @returns `null` when nothing is known, and when the file is damaged */
export async function readKnownRelease(file: string): Promise<KnownRelease | null> {
  try {
    const data: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!isRecord(data)) return null;
    const { number, content } = data;
    return typeof number === 'number' && typeof content === 'string' ? { number, content } : null;
  } catch {
    return null;
  }
}

/** @throws when it cannot be written; then what was known before is still there */
export async function writeKnownRelease(file: string, { number, content }: KnownRelease): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, `${JSON.stringify({ number, content })}\n`, { mode: 0o600 });
  await rename(draft, file);
}
