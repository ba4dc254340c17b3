/**
 * Compiles the files of a rules folder to an image, with what is known from the last time: a file whose
 * text is the same is not parsed again, and not checked again while the definitions it uses are the same.
 */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { commandTable } from '../engine/check/reach.js';
import { hashDefinitions, isBasisOf } from '../engine/image/basis.js';
import { checkDocument, type CheckContext, type CheckedDocument } from '../engine/image/check.js';
import { definitionNodes, packDocument, type PackedDocument } from '../engine/image/document.js';
import type { RuleSetImage } from '../engine/image/image.js';
import { knownRules, type CheckedFile } from '../engine/image/known-rules.js';
import { linkRuleSet, NOTHING_LINKED, type LinkKnowledge } from '../engine/image/link.js';
import { parseDefinitions } from '../engine/parse/definitions.js';
import type { LocatedProblem, Problem } from '../engine/problem.js';
import type { RuleContext } from '../engine/rule-set.js';
import { hasErrors, isNoConsequence } from './compile-reading.js';
import { createFileSources, type FileSources } from './file-sources.js';
import { sortProblems } from './report.js';
import type { ReadFile } from './rules-folder.js';

/** What is known of a rule file that is valid YAML. */
interface KnownFile {
  readonly hash: string;
  readonly packed: PackedDocument;
  /** Of the file as a whole. */
  readonly problems: readonly LocatedProblem[];
  readonly check?: FileCheck;
}

interface FileCheck {
  readonly document: CheckedDocument;
  readonly problems: readonly LocatedProblem[];
}

/** What is known from the last time; plain data. */
export interface Knowledge {
  readonly files: ReadonlyMap<string, KnownFile>;
  readonly linked: LinkKnowledge;
  /** What was wrong with the whole, by problem and text of its file: to find its place takes parsing. */
  readonly whole: ReadonlyMap<string, LocatedProblem>;
}

export const NO_KNOWLEDGE: Knowledge = { files: new Map(), linked: NOTHING_LINKED, whole: new Map() };

export interface CompileFilesOptions {
  readonly context: RuleContext;
  readonly knowledge: Knowledge;
  /** Told after each rule file how many have been read. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface CompiledFiles {
  /** `null` when there are errors. */
  readonly image: RuleSetImage | null;
  /** Sorted by place. */
  readonly problems: readonly LocatedProblem[];
  readonly knowledge: Knowledge;
}

/** A key that brings definitions, wherever it may stand. They are needed before rules are checked. */
const DEFINES = /(?:lists|conditions)["']?\s*:/;

/**
 * Compiles files. Never rejects because of what they hold.
 *
 * @param failures what went wrong with reading them; an error among them forbids an image
 */
export async function compileFiles(
  files: readonly ReadFile[],
  failures: readonly LocatedProblem[],
  { context, knowledge, onProgress }: CompileFilesOptions,
): Promise<CompiledFiles> {
  const { platforms, capabilities } = context;
  const rules = textsOf(files, 'rules');
  const texts = textsOf(files, 'list');
  const sources = createFileSources(rules, texts);
  const commands = commandTable(capabilities);
  const known = new Map<string, KnownFile>();
  const problems: LocatedProblem[] = [...failures];

  async function readOne(file: string, text: string): Promise<void> {
    // Elsewhere in this thread somebody may be waiting.
    await setImmediate();
    const before = knowledge.files.get(file);
    const hash = createHash('sha256').update(text).digest('base64');
    const read = before?.hash === hash ? before : readFile(file, hash, sources, problems);
    if (read !== undefined) known.set(file, read);
    onProgress(known.size, rules.size);
  }

  function define(): { readonly checkContext: CheckContext; readonly mistakes: readonly Problem[] } {
    const mistakes: Problem[] = [];
    const nodes = inOrder(known).map(([, { packed }]) => definitionNodes(packed));
    const parsed = parseDefinitions(nodes, texts, (problem) => void mistakes.push(problem));
    return { checkContext: { definitions: hashDefinitions(parsed), commands, platforms }, mistakes };
  }

  async function checkOne(file: string, checkContext: CheckContext): Promise<void> {
    const entry = known.get(file);
    if (entry === undefined) return;
    const { packed, check } = entry;
    if (check !== undefined && isBasisOf(checkContext.definitions, check.document.basis)) return;
    const mistakes: Problem[] = [];
    const document = await checkDocument(packed, checkContext, (problem) => void mistakes.push(problem));
    known.set(file, { ...entry, check: { document, problems: mistakes.map(sources.locate) } });
  }

  const [definers, others] = partition([...rules], ([, text]) => DEFINES.test(text));
  for (const [file, text] of definers) await readOne(file, text);
  let defined = define();
  for (const [file, text] of others) {
    await readOne(file, text);
    await checkOne(file, defined.checkContext);
  }
  // A key can be written in ways that only the parser sees through.
  if (others.some(([file]) => definesAny(known.get(file)))) defined = define();
  for (const [file] of rules) await checkOne(file, defined.checkContext);

  const mistakes: Problem[] = [...defined.mistakes];
  const documents = inOrder(known).flatMap(([file, entry]) => {
    const checked = checkedFile(entry);
    if (checked === undefined) return [];
    return { ...checked, known: knownRules(checked, checkedFile(knowledge.files.get(file))) };
  });
  const { definitions } = defined.checkContext;
  const { image, knowledge: linked } = linkRuleSet(
    { documents, texts, definitions, platforms, knowledge: knowledge.linked },
    (problem) => void mistakes.push(problem),
  );
  const whole = new Map(
    mistakes.map((problem) => {
      const hash = known.get(problem.file)?.hash;
      const key = JSON.stringify([hash, problem]);
      const before = hash === undefined ? undefined : knowledge.whole.get(key);
      return [key, before ?? sources.locate(problem)];
    }),
  );
  const found = [
    ...[...known.values()].flatMap((entry) => [...entry.problems, ...(entry.check?.problems ?? [])]),
    ...whole.values(),
  ];
  const isReadable = !hasErrors(problems);
  const all = problems.concat(found.filter((problem) => isReadable || isNoConsequence(problem)));
  return {
    image: hasErrors(all) ? null : image,
    problems: sortProblems(all),
    knowledge: { files: worthKeeping(known), linked, whole },
  };
}

function textsOf(files: readonly ReadFile[], wanted: ReadFile['role']): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap(({ file, role, content }) =>
      role === wanted && content.type === 'text' ? [[file, content.text] as const] : [],
    ),
  );
}

/** @param unreadable gets the problems of a file that is no valid YAML */
function readFile(
  file: string,
  hash: string,
  { parse, locate }: FileSources,
  unreadable: LocatedProblem[],
): KnownFile | undefined {
  const { data, problems } = parse(file);
  unreadable.push(...problems);
  if (problems.length > 0) return undefined;
  const mistakes: Problem[] = [];
  const packed = packDocument({ file, data }, (problem) => void mistakes.push(problem));
  return { hash, packed, problems: mistakes.map(locate) };
}

function inOrder(known: ReadonlyMap<string, KnownFile>): readonly (readonly [string, KnownFile])[] {
  return [...known].sort(([left], [right]) => (left < right ? -1 : 1));
}

function checkedFile(known: KnownFile | undefined): CheckedFile | undefined {
  return known?.check && { packed: known.packed, checked: known.check.document };
}

function definesAny(known: KnownFile | undefined): boolean {
  return known !== undefined && known.packed.definitions.length > 0;
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): readonly [T[], T[]] {
  const chosen = items.filter(belongs);
  return [chosen, items.filter((item) => !chosen.includes(item))];
}

/** What has errors is looked at anew the next time: what it lacks may have come from elsewhere by then. */
function worthKeeping(known: ReadonlyMap<string, KnownFile>): ReadonlyMap<string, KnownFile> {
  return new Map(
    [...known].map(([file, { check, ...rest }]) => [
      file,
      check === undefined || hasErrors(check.problems) ? rest : { ...rest, check },
    ]),
  );
}
