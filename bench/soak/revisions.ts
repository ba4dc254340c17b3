/** Rule folders that tell in every refusal which revision they are. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Reasons go from 1 to 97; 1 is also that of strangers. */
const NUMBERS = 96;
const FIRST = 2;
/** Entries of the long list. */
const LONG = 100_000;

/** What is in force says this reason. */
export function reasonOf(revision: number): number {
  return FIRST + (revision % NUMBERS);
}

/** Revisions that may be in force, by number; fewer than there are reasons. */
export interface Span {
  /** Every process has this one, or a later one. */
  readonly from: number;
  /** The last that was saved. */
  readonly to: number;
}

/** The revision of a span that says a reason; `undefined` when none does. */
export function revisionOf(said: unknown, { from, to }: Span): number | undefined {
  for (let revision = to; revision >= lastGood(from); revision -= 1) {
    if (kindOf(revision) !== 'broken' && reasonOf(revision) === said) return revision;
  }
  return undefined;
}

/** What a revision is like: most are small edits, some are broken, some bring a long list. */
export type RevisionKind = 'good' | 'broken' | 'long list';

export function kindOf(revision: number): RevisionKind {
  if (revision % 7 === 3) return 'broken';
  return revision % 25 === 11 ? 'long list' : 'good';
}

/** The last revision that can be in force when all up to this one have been saved. */
function lastGood(revision: number): number {
  return kindOf(revision) === 'broken' ? revision - 1 : revision;
}

/** Saves the files of a revision, each in one step, as careful editors do. */
export function saveRevision(folder: string, revision: number): void {
  const kind = kindOf(revision);
  if (kind === 'long list') save(join(folder, 'lists', 'long.txt'), longList(revision));
  save(
    join(folder, 'rules.yaml'),
    kind === 'broken' ? `rules:\n  - id: [broken ${revision}\n` : rulesOf(revision),
  );
}

/** The files that every revision needs. */
export function saveFirstRevision(folder: string): void {
  mkdirSync(join(folder, 'lists'), { recursive: true });
  save(join(folder, 'lists', 'long.txt'), longList(0));
  saveRevision(folder, 0);
}

function save(file: string, text: string): void {
  const aside = join(dirname(file), '.aside');
  writeFileSync(aside, text);
  renameSync(aside, file);
}

function longList(revision: number): string {
  const words = Array.from({ length: LONG }, (_, index) => `word${index}of${revision}`);
  return [...words, 'contraband'].join('\n');
}

function rulesOf(revision: number): string {
  const reason = reasonOf(revision);
  const refuse = `then: { refuse: { reason: ${reason}, message: 'reason ${reason}' } }`;
  const friends = [0, 1, 2, 3].map(
    (end) =>
      `  - { id: friends-${end}, on: friend.request, when: { fact: target.id, operator: endsWith, value: '${end}' }, ${refuse} }`,
  );
  return `lists:
  long: { file: lists/long.txt }
rules:
${friends.join('\n')}
  - { id: contraband, on: message.send, when: { fact: message.text, operator: containsAny, value: { list: long } }, ${refuse} }
`;
}
