/** Mistakes in rule files and configuration: closed codes, located, with a way out. */

export type Severity = 'error' | 'warning';

/** Every code, with what it means. Codes are part of the interface: they are never renamed. */
export const PROBLEM_CODES = {
  'file-unreadable': 'A file or folder could not be read.',
  'too-large': 'A file that is longer, nested deeper or swollen further by aliases than is read.',
  'yaml-syntax': 'The file is not valid YAML.',
  'duplicate-key': 'A key occurs twice in the same mapping.',
  'unknown-key': 'A key that does not exist here.',
  'missing-key': 'A key that must be there is missing.',
  'wrong-type': 'A value of the wrong type.',
  'wrong-value': 'A value of the right type that is not possible here.',
  unprotected: 'A listener that others can reach, and nothing says who may call.',
  'environment-variable': 'A ${VARIABLE} is not set and has no default.',
  'duplicate-id': 'Two rules, lists, conditions or apps have the same name.',
  'empty-group': 'An `all`, `any`, `not` or list without members.',
  'unknown-kind': 'An event kind that does not exist.',
  'unknown-fact': 'A fact that does not exist.',
  'fact-not-in-kind': 'A fact that the events of the rule never carry.',
  'unknown-counter': 'A counter that no file declares.',
  'unknown-operator': 'An operator that does not exist.',
  'operator-for-fact': 'An operator that cannot be applied to this type of fact.',
  'wrong-operand': 'A `value` that the operator cannot compare with.',
  'unknown-list': 'A list that does not exist.',
  'unknown-condition': 'A shared condition that does not exist.',
  'condition-cycle': 'Shared conditions that refer to each other in a circle.',
  'stage-without-verdict': 'A verdict or rewrite on events that have already happened.',
  'cannot-carry': 'An effect that a command of a configured app cannot carry.',
  'carrier-lacks-facts': 'An effect that only a command can carry on which the rule never matches.',
  'code-out-of-range': 'A refusal code that the platform does not accept.',
  'event-without-app': 'An event that no configured app has, so that the rule is never asked.',
  'unknown-value': 'A value that the fact never has.',
  'never-matches': 'A rule, or a member of an `any`, that can never match.',
  'never-reached': 'A rule that an earlier verdict always comes before.',
  'mixed-priorities':
    'A priority that moves a rule past another rule of the file that has none, on the same event.',
  'unused-list': 'A list that no rule uses.',
  'unused-condition': 'A shared condition that no rule uses.',
  'unused-counter': 'A counter that no rule looks at.',
  'never-given': 'Strikes or a label that a rule looks at and no rule gives.',
  'no-examples': 'A rule without examples.',
  'example-failed': 'An example of a rule does not come out as expected.',
  'no-rules': 'The rules folder has no rule files, so every callback gets its default verdict.',
  'internal-error': 'A mistake in Callgate itself: please report it.',
} as const;

export type ProblemCode = keyof typeof PROBLEM_CODES;

/** Keys and indexes from the root of a file to a value in it. */
export type DataPath = readonly (string | number)[];

/** A mistake as the engine sees it: the place is a path into the file's data. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** Path of the file relative to its folder. */
  readonly file: string;
  readonly path: DataPath;
  /** Whether the mistake is the key at `path` and not its value. */
  readonly atKey?: boolean;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** A mistake with its place in the text. Lines and columns count from 1. */
export interface LocatedProblem extends Problem {
  readonly line: number;
  readonly column: number;
  /** The lines around the place, with a marker below it; empty when the text is not at hand. */
  readonly frame: string;
}
