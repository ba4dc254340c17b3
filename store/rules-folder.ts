/** The rules folder as the engine wants it: parsed rule files and the texts of lists. */
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { DataPath, LocatedProblem, Problem } from '../engine/problem.js';
import type { RuleDocument, RuleFolder } from '../engine/rule-set.js';
import { listFolder, type FolderListing, type ListedFile } from './folder-listing.js';
import { fileProblem, readText, unreadable, type TextFile } from './read-text.js';
import { locateProblem, textSource, type Source } from './source.js';
import { START, type Position } from './text.js';
import { readYaml } from './yaml-file.js';

/** Largest rule file, in bytes: its tree takes up to two hundred times as much memory while it is read. */
const MOST_RULES_BYTES = 4 * 1024 * 1024;
/** Largest list file, in bytes. */
const MOST_LIST_BYTES = 16 * 1024 * 1024;
/** Files read at the same time. */
const AT_ONCE = 16;
/** Readings after which a folder that keeps changing is taken as it was found. */
const ATTEMPTS = 4;

/**
 * Milliseconds within which an empty file may be one that is being saved: most programs empty a file first and
 * then write it. What it holds in between is valid, and means no rules at all.
 */
const MAY_BE_FILLED = 300;
/** Milliseconds between two looks at such a file. */
const LOOK_AGAIN = 15;

/** One reading of the folder. */
export interface FolderReading {
  readonly folder: RuleFolder;
  /** Files that could not be read or parsed. */
  readonly problems: readonly LocatedProblem[];
  /** What lay in the folder; taken before the files were read. */
  readonly listing: FolderListing;
  /** Puts a problem that was found in the folder's data into its place. */
  readonly locate: (problem: Problem) => LocatedProblem;
  /** Where a value of the folder's data stands in its file. */
  readonly positionOf: (file: string, path: DataPath) => Position;
}

/**
 * Reads the folder as it is at one moment: it is listed again after reading, and read again when
 * something changed meanwhile, or a file has just been emptied. Never rejects.
 *
 * @param path of the folder
 */
export async function readRulesFolder(path: string): Promise<FolderReading> {
  const { listing, files } = await readFolderFiles(path);
  return toReading(listing, files);
}

/** A file with what could be read of it. */
export type ReadFile = ListedFile & { readonly content: TextFile };

/** Reads the texts of all files as {@link readRulesFolder} does. Never rejects. */
export async function readFolderFiles(
  path: string,
): Promise<{ readonly listing: FolderListing; readonly files: readonly ReadFile[] }> {
  const start = performance.now();
  let listing = await listFolder(path);
  for (let attempt = 1; ;) {
    const files = await readAll(path, listing.files);
    const isPatient = performance.now() - start < MAY_BE_FILLED;
    if (isPatient && isBeingSaved(listing, files)) {
      await setTimeout(LOOK_AGAIN);
      listing = await listFolder(path);
      continue;
    }
    const after = await listFolder(path);
    if (after.signature === listing.signature || attempt === ATTEMPTS) return { listing, files };
    listing = after;
    attempt += 1;
  }
}

function isBeingSaved({ changedAt }: FolderListing, files: readonly ReadFile[]): boolean {
  const isYoung = Math.abs(Date.now() - changedAt) < MAY_BE_FILLED;
  return isYoung && files.some(({ content }) => content.type === 'text' && content.text === '');
}

async function readAll(folder: string, files: readonly ListedFile[]): Promise<readonly ReadFile[]> {
  const read: ReadFile[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE).map(async (listed) => {
      const most = listed.role === 'rules' ? MOST_RULES_BYTES : MOST_LIST_BYTES;
      return { ...listed, content: await readText(join(folder, listed.file), listed.file, most) };
    });
    read.push(...(await Promise.all(some)));
  }
  return read;
}

async function toReading(listing: FolderListing, files: readonly ReadFile[]): Promise<FolderReading> {
  const documents: RuleDocument[] = [];
  const texts = new Map<string, string>();
  const sources = new Map<string, Source>();
  const problems = [...readingProblems(listing, files)];
  for (const { file, role, content } of files) {
    if (content.type !== 'text') continue;
    if (role === 'list') {
      texts.set(file, content.text);
      sources.set(file, textSource(file, content.text));
    } else {
      // Parsing takes milliseconds; callbacks may be waiting.
      await setImmediate();
      const yaml = readYaml(file, content.text);
      sources.set(file, yaml);
      if (yaml.problems.length === 0) documents.push({ file, data: yaml.data });
      problems.push(...yaml.problems);
    }
  }
  return {
    folder: { documents, texts },
    problems,
    listing,
    locate: (problem) => locateProblem(problem, sources.get(problem.file)),
    positionOf: (file, path) => sources.get(file)?.locate(path) ?? START,
  };
}

/** What is wrong with a folder before its files are looked into. */
export function readingProblems(
  { failures }: Pick<FolderListing, 'failures'>,
  files: readonly ReadFile[],
): readonly LocatedProblem[] {
  const problems = failures.map(({ file, error }) => unreadable(file, error));
  for (const { file, content } of files) {
    if (content.type === 'problem') problems.push(content.problem);
    else if (content.type === 'absent') {
      problems.push(fileProblem(file, 'It is a link that leads nowhere, or it keeps vanishing.'));
    }
  }
  if (failures.length === 0 && !files.some(({ role }) => role === 'rules')) {
    const message = 'No rule files here: every callback gets the default verdict of its app.';
    problems.push(fileProblem('.', message, { code: 'no-rules', severity: 'warning' }));
  }
  return problems;
}
