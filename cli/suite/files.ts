/** Finds and reads suites. */
import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { problemAt, type Node, type Report } from '../../engine/parse/node.js';
import type { LocatedProblem, Problem } from '../../engine/problem.js';
import { isDropping } from '../../store/folder-listing.js';
import { readText } from '../../store/read-text.js';
import { locateProblem, type Source } from '../../store/source.js';
import { readYaml } from '../../store/yaml-file.js';
import { parseSuite, type SuiteContext } from './parse.js';
import type { Case } from './suite.js';
import { UserError } from './user-error.js';

/** Largest suite and largest body file, in bytes. */
const MOST_BYTES = 4 * 1024 * 1024;

const SUITE_NAME = /\.test\.ya?ml$/i;

/** A suite that was read. */
export interface SuiteFile {
  /** Its path as it was typed or found. */
  readonly file: string;
  readonly cases: readonly Case[];
  readonly problems: readonly LocatedProblem[];
  readonly source: Source | undefined;
}

/**
 * The suites among files and below folders, by name.
 *
 * @throws UserError when a path leads to none
 */
export async function findSuites(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(paths.map(suitesAt));
  return [...new Set(found.flat())].sort();
}

async function suitesAt(path: string): Promise<readonly string[]> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UserError(`${path}: there is no such file or folder.`);
  if (!stats.isDirectory()) {
    if (SUITE_NAME.test(path)) return [path];
    throw new UserError(`${path}: not a test suite, whose name ends in .test.yaml.`);
  }
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => SUITE_NAME.test(name) && !name.split(/[\\/]/).some(isDropping))
    .map((name) => join(path, name));
}

/** Reads a suite. Never rejects: what is wrong is among the problems. */
export async function readSuite(file: string, context: Omit<SuiteContext, 'readJson'>): Promise<SuiteFile> {
  const read = await readText(file, file, MOST_BYTES);
  if (read.type !== 'text') {
    const problems = read.type === 'problem' ? [read.problem] : [];
    return { file, cases: [], problems, source: undefined };
  }
  const yaml = readYaml(file, read.text);
  if (yaml.problems.length > 0) return { file, cases: [], problems: yaml.problems, source: yaml };
  const found: Problem[] = [];
  const root: Node = { file, path: [], value: yaml.data };
  const cases = parseSuite(root, { ...context, readJson }, (problem) => void found.push(problem));
  return { file, cases, problems: found.map((problem) => locateProblem(problem, yaml)), source: yaml };
}

function readJson(name: string, node: Node, report: Report): unknown {
  const path = resolve(dirname(node.file), name);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    report(problemAt(node, 'file-unreadable', `\`${name}\` cannot be read: ${why}.`));
    return undefined;
  }
}
