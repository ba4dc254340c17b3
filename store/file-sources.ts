/** Where things stand in the files of a rules folder, while they are compiled. */
import type { LocatedProblem, Problem } from '../engine/problem.js';
import { locateProblem, textSource, type Source } from './source.js';
import { readYaml, type YamlFile } from './yaml-file.js';

export interface FileSources {
  /** Parses a rule file. */
  readonly parse: (file: string) => YamlFile;
  readonly locate: (problem: Problem) => LocatedProblem;
}

/**
 * Only the file that was parsed last is held: a tree takes a hundred times as much memory as its text.
 * Another one is parsed again when a problem is to be located in it.
 */
export function createFileSources(
  rules: ReadonlyMap<string, string>,
  lists: ReadonlyMap<string, string>,
): FileSources {
  let last: YamlFile | undefined;

  function parse(file: string): YamlFile {
    last = readYaml(file, rules.get(file) ?? '');
    return last;
  }

  function sourceOf(file: string): Source | undefined {
    if (last?.file === file) return last;
    const list = lists.get(file);
    if (list !== undefined) return textSource(file, list);
    return rules.has(file) ? parse(file) : undefined;
  }

  return { parse, locate: (problem) => locateProblem(problem, sourceOf(problem.file)) };
}
