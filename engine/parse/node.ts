/** Values of a rule file with their places, and the few ways to read them. */
import { hintFor } from '../nearest.js';
import type { DataPath, Problem, ProblemCode } from '../problem.js';

/** A value and where it stands. */
export interface Node {
  readonly file: string;
  readonly path: DataPath;
  readonly value: unknown;
}

/** Takes note of a mistake. Reading goes on, so that all mistakes are found at once. */
export type Report = (problem: Problem) => void;

/** A problem at a node; an error unless said otherwise. */
export function problemAt(
  node: Node,
  code: ProblemCode,
  message: string,
  more: Partial<Pick<Problem, 'hint' | 'severity' | 'atKey'>> = {},
): Problem {
  return { severity: 'error', ...more, code, file: node.file, path: node.path, message };
}

export function childOf(node: Node, key: string | number, value: unknown): Node {
  return { file: node.file, path: [...node.path, key], value };
}

/** What a value is, in words for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

function wrongType(node: Node, wanted: string): Problem {
  return problemAt(node, 'wrong-type', `Expected ${wanted}, found ${describe(node.value)}.`);
}

/** A key of a mapping. */
export interface KeyDefinition {
  readonly meaning: string;
  readonly isRequired?: true;
}

/** The keys that a mapping may have. */
export type Shape = Readonly<Record<string, KeyDefinition>>;

/** The members of a mapping that are there and not null. */
export type Members<S extends Shape> = Readonly<Partial<Record<keyof S & string, Node>>>;

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a mapping whose keys are names that the author chose. */
export function readEntries(node: Node, report: Report): readonly (readonly [name: string, member: Node])[] {
  if (node.value === null || node.value === undefined) return [];
  if (!isMapping(node.value)) {
    report(wrongType(node, 'a mapping of names'));
    return [];
  }
  return Object.entries(node.value).map(([name, value]) => [name, childOf(node, name, value)] as const);
}

/** Reads a mapping with known keys; unknown and missing ones are reported. */
export function readMapping<S extends Shape>(
  node: Node,
  shape: S,
  what: string,
  report: Report,
): Members<S> | undefined {
  if (!isMapping(node.value)) {
    report(wrongType(node, what));
    return undefined;
  }
  const names = Object.keys(shape);
  const members: Record<string, Node> = {};
  for (const [key, value] of Object.entries(node.value)) {
    const member = childOf(node, key, value);
    if (!Object.hasOwn(shape, key)) {
      report(
        problemAt(member, 'unknown-key', `Unknown key \`${key}\` in ${what}.`, {
          hint: hintFor(key, names),
          atKey: true,
        }),
      );
    } else if (value !== null && value !== undefined) members[key] = member;
  }
  for (const [key, { isRequired }] of Object.entries(shape)) {
    if (isRequired === true && members[key] === undefined) {
      report(problemAt(node, 'missing-key', `\`${key}\` is missing in ${what}.`));
    }
  }
  return members as Members<S>;
}

export function readText(node: Node, report: Report): string | undefined {
  if (typeof node.value === 'string' && node.value !== '') return node.value;
  report(
    typeof node.value === 'number' || typeof node.value === 'boolean'
      ? { ...wrongType(node, 'a text'), hint: `Put it in quotes: "${String(node.value)}".` }
      : wrongType(node, 'a text that is not empty'),
  );
  return undefined;
}

/** Reads a text that may be empty. */
export function readAnyText(node: Node, report: Report): string | undefined {
  return node.value === '' ? '' : readText(node, report);
}

export function readInteger(node: Node, min: number, max: number, report: Report): number | undefined {
  const { value } = node;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    report(wrongType(node, 'a whole number'));
    return undefined;
  }
  if (value >= min && value <= max) return value;
  report(problemAt(node, 'wrong-value', `${value} is outside ${min} to ${max}.`));
  return undefined;
}

/** Reads one of a few words. */
export function readWord<W extends string>(node: Node, words: readonly W[], report: Report): W | undefined {
  const text = readText(node, report);
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) {
    report(
      problemAt(node, 'wrong-value', `\`${text}\` is not possible here.`, { hint: hintFor(text, words) }),
    );
  }
  return word;
}

/** Reads `true`, the only value of a switch that is written to turn something on. */
export function readTrue(node: Node, report: Report): boolean {
  if (node.value === true) return true;
  report(
    problemAt(node, 'wrong-value', 'Only `true` is possible here.', {
      hint: 'Leave the key out to turn it off.',
    }),
  );
  return false;
}

/** Reads a list with at least one member. */
export function readList(node: Node, report: Report): readonly Node[] | undefined {
  if (!Array.isArray(node.value)) {
    report(wrongType(node, 'a list'));
    return undefined;
  }
  if (node.value.length === 0) {
    report(
      problemAt(node, 'empty-group', 'The list is empty.', { hint: 'Add a member, or remove the key.' }),
    );
    return undefined;
  }
  return node.value.map((value, index) => childOf(node, index, value));
}

/** Reads a list that may be empty. */
export function readAnyList(node: Node, report: Report): readonly Node[] {
  return Array.isArray(node.value) && node.value.length === 0 ? [] : (readList(node, report) ?? []);
}

/** Reads one text or a list of texts. */
export function readTexts(node: Node, report: Report): readonly Node[] {
  if (!Array.isArray(node.value)) return readText(node, report) === undefined ? [] : [node];
  return (readList(node, report) ?? []).filter((member) => readText(member, report) !== undefined);
}
