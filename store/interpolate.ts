/** `${VARIABLE}` and `${VARIABLE:-default}` in the texts of a configuration. */
import type { DataPath, Problem } from '../engine/problem.js';
import { mapTexts } from './data.js';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Interpolated {
  /** The data with every reference replaced. */
  readonly data: unknown;
  /** Paths of the texts that came from variables, as JSON. */
  readonly replaced: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

const ESCAPED = '$${';
/** A reference: the name, and what follows `:-`. */
const WHOLE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}$/;
/** An escape, anything in `${}`, or the beginning of what has no end. */
const REFERENCE = /\$\$\{|\$\{[^}]*\}?/g;

/**
 * Replaces references in texts that were parsed already, so that a value can neither add settings nor
 * break the file. `$${` stands for `${`. As in a shell, `:-` covers variables that are empty as well; a
 * variable without a default must be there and not be empty. A setting whose text becomes empty counts
 * as left out.
 *
 * A text with a mistake stays as it is.
 */
export function interpolate(data: unknown, environment: Environment, file: string): Interpolated {
  const problems: Problem[] = [];
  const replaced = new Set<string>();

  /** What stands for one match; a mistake is noted and leaves it as it is. */
  function resolve(match: string, path: DataPath): string {
    const [, name, fallback] = WHOLE.exec(match) ?? [];
    const value = name === undefined ? undefined : environment[name];
    if (value !== undefined && value !== '') return value;
    if (fallback !== undefined) return fallback;
    problems.push(name === undefined ? malformed(file, path) : missing(file, path, name, value));
    return match;
  }

  function replace(text: string, path: DataPath): unknown {
    const before = problems.length;
    const result = text.replaceAll(REFERENCE, (match) => (match === ESCAPED ? '${' : resolve(match, path)));
    if (problems.length > before) return text;
    const hasReference = text.match(REFERENCE)?.some((match) => match !== ESCAPED) === true;
    if (!hasReference) return result;
    replaced.add(JSON.stringify(path));
    return result === '' ? undefined : result;
  }

  return { data: mapTexts(data, replace), replaced, problems };
}

function missing(file: string, path: DataPath, name: string, value: string | undefined): Problem {
  return {
    code: 'environment-variable',
    severity: 'error',
    file,
    path,
    message: `The environment variable \`${name}\` is ${value === undefined ? 'not set' : 'empty'}.`,
    hint: `Set it, or write \${${name}:-default}; \${${name}:-} when it may be empty.`,
  };
}

function malformed(file: string, path: DataPath): Problem {
  return {
    code: 'environment-variable',
    severity: 'error',
    file,
    path,
    message: 'A `${` that is neither ${NAME} nor ${NAME:-default}.',
    hint: 'Write $${ for the characters themselves.',
  };
}
