/** YAML files as plain data with places. */
import type { LocatedProblem, Problem } from '../engine/problem.js';
import { placeProblem, type Source } from './source.js';
import { linesOf } from './text.js';
import { readData } from './yaml-data.js';
import { parseYaml, type ParsedYaml } from './yaml-parse.js';

/** A YAML file that was read. */
export interface YamlFile extends Source {
  /** Plain JSON values; `null` for an empty file and for one with problems. */
  readonly data: unknown;
  /** Mistakes of syntax, keys that occur twice, aliases that explode: all errors. */
  readonly problems: readonly LocatedProblem[];
}

/**
 * Reads YAML 1.2 (core schema): one document, text keys, no tags of one's own, no merge keys.
 * Never throws.
 *
 * @param file name for problems
 * @param shown the text as reports may show it, with the same length and lines
 */
export function readYaml(file: string, text: string, shown = text): YamlFile {
  const lines = linesOf(shown);
  const { contents, problems: mistakes } = parse(text);
  const { data, problems, offsetOf } = readData(contents);
  const source: Source = {
    file,
    lines,
    locate: (path, atKey) => lines.positionAt(offsetOf(path, atKey)),
  };
  const located = [...mistakes, ...problems].map(({ offset, ...rest }) => {
    const problem: Problem = { path: [], ...rest, file, severity: 'error' };
    return placeProblem(problem, source, lines.positionAt(offset));
  });
  return { ...source, data: located.length === 0 ? data : null, problems: located };
}

/** A text that the parser itself fails on is a mistake in the text like any other. */
function parse(text: string): ParsedYaml {
  try {
    return parseYaml(text);
  } catch (error) {
    const message = `The YAML parser gave up: ${error instanceof Error ? error.message : String(error)}.`;
    return { contents: null, problems: [{ code: 'yaml-syntax', offset: 0, message }] };
  }
}
