/** Compiles what was read of a rules folder, and puts every problem in its place. */
import type { LocatedProblem, Problem, ProblemCode } from '../engine/problem.js';
import type { CompileResult, RuleFolder, RuleSet } from '../engine/rule-set.js';
import { fileProblem } from './read-text.js';
import { sortProblems } from './report.js';
import type { FolderReading } from './rules-folder.js';

/** Mistakes that may be gone once the files are readable again: what they miss may stand there. */
const CONSEQUENCES: ReadonlySet<ProblemCode> = new Set([
  'file-unreadable',
  'unknown-list',
  'unknown-condition',
  'unused-list',
  'unused-condition',
  'example-failed',
]);

/** Whether a problem says something while there are files that could not be read. */
export function isNoConsequence({ code }: Pick<Problem, 'code'>): boolean {
  return !CONSEQUENCES.has(code);
}

export function hasErrors(problems: readonly Pick<Problem, 'severity'>[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

export interface Compiled {
  readonly ruleSet: RuleSet | null;
  /** Sorted by place. */
  readonly problems: readonly LocatedProblem[];
}

/** Compiles what could be read even when something could not, so that all mistakes are told at once. */
export async function compileReading(
  reading: FolderReading,
  compile: (folder: RuleFolder) => CompileResult | Promise<CompileResult>,
): Promise<Compiled> {
  const isReadable = !hasErrors(reading.problems);
  const result = await compileSafely(reading.folder, compile);
  const found = result.problems
    .filter((problem) => isReadable || isNoConsequence(problem))
    .map((problem) => reading.locate(problem));
  const problems = sortProblems([...reading.problems, ...found]);
  return { ruleSet: hasErrors(problems) ? null : result.ruleSet, problems };
}

async function compileSafely(
  folder: RuleFolder,
  compile: (folder: RuleFolder) => CompileResult | Promise<CompileResult>,
): Promise<CompileResult> {
  try {
    return await compile(folder);
  } catch (error) {
    return { ruleSet: null, problems: [compilerFailure(error)] };
  }
}

/** The problem of an exception that no rule file should be able to cause. */
export function compilerFailure(error: unknown): LocatedProblem {
  const message = `The rules could not be compiled: ${error instanceof Error ? error.message : String(error)}`;
  return fileProblem('.', message, { code: 'internal-error' });
}
