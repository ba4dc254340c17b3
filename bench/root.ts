import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from));
}

/** The folder of package.json, wherever the compiled benchmarks lie. */
export const projectRoot = findRoot(import.meta.dirname);

/** What benchmarks leave behind: installed contenders, generated rules. */
export const workFolder = join(projectRoot, '.build', 'bench-work');
