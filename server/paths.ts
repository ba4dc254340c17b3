/** Paths as people would type them. */
import { relative } from 'node:path';

/** A path as people would type it here. */
export function forPeople(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' || near.startsWith('..') ? path : near;
}
