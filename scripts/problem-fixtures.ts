/** The examples of mistakes under test/fixtures/problems: for each code a folder with `bad` and `good`. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PLATFORMS, checkProject, checkRules, type CheckResult } from '../cli/check-project.js';
import { PROBLEM_CODES, type ProblemCode } from '../engine/problem.js';
import { packageRoot } from '../server/version.js';

/** Cannot be brought about by a file. */
export const WITHOUT_EXAMPLE: readonly ProblemCode[] = ['internal-error'];

export const EXAMPLE_CODES = (Object.keys(PROBLEM_CODES) as ProblemCode[]).filter(
  (code) => !WITHOUT_EXAMPLE.includes(code),
);

export const EXAMPLES_FOLDER = join(packageRoot, 'test', 'fixtures', 'problems');

export type Side = 'bad' | 'good';

export interface ExampleFile {
  /** Path below the example's folder, with `/`. */
  readonly file: string;
  readonly text: string;
}

/** The files of an example, in name order. */
export function filesOf(code: ProblemCode, side: Side): readonly ExampleFile[] {
  const folder = join(EXAMPLES_FOLDER, code, side);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return {
        file: path.slice(folder.length + 1).replaceAll('\\', '/'),
        text: readFileSync(path, 'utf8'),
      };
    })
    .sort((one, other) => (one.file < other.file ? -1 : 1));
}

/**
 * Checks an example as `callgate check` does. One without a configuration is a rules folder, checked for
 * an app of each platform.
 */
export function checkExample(code: ProblemCode, side: Side): Promise<CheckResult> {
  const folder = join(EXAMPLES_FOLDER, code, side);
  const own = join(folder, 'config.yaml');
  return existsSync(own) ? checkProject(own, {}) : checkRules(folder, ALL_PLATFORMS);
}
