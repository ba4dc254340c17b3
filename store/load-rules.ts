/** Loads rules: from a folder, from what was packed for other machines, or from what was kept. Runs in any thread. */
import type { RuleSetImage } from '../engine/image/image.js';
import type { LocatedProblem } from '../engine/problem.js';
import type { RuleContext } from '../engine/rule-set.js';
import { compileFiles, type Knowledge } from './compile-files.js';
import { compilerFailure } from './compile-reading.js';
import type { FolderListing } from './folder-listing.js';
import { readLastGood, UnusableLastGood, writeLastGood, type KeptFile } from './last-good.js';
import { unpackFiles, UnusablePack } from './packed-files.js';
import { fileProblem } from './read-text.js';
import { readFolderFiles, readingProblems, type ReadFile } from './rules-folder.js';

/** Where rules come from. Paths are absolute. */
export type RuleSource =
  | { readonly type: 'folder'; readonly path: string }
  /** Files as `packFiles` has packed them. */
  | { readonly type: 'packed'; readonly bytes: Uint8Array }
  /** The file that {@link keepRules} has written. */
  | { readonly type: 'last-good'; readonly path: string };

/** What lay in the folder; taken before the files were read. */
export type FolderState = Pick<FolderListing, 'signature' | 'changedAt' | 'folders'>;

export interface LoadedRules {
  /** `null` when there are errors, and when there was nothing to load. */
  readonly image: RuleSetImage | null;
  readonly problems: readonly LocatedProblem[];
  /** Of a folder. */
  readonly folder: FolderState | null;
  /** Of what was kept: when, in milliseconds since 1970. */
  readonly savedAt: number | null;
  readonly knowledge: Knowledge;
  readonly files: readonly ReadFile[];
}

export interface LoadRulesOptions {
  readonly context: RuleContext;
  readonly knowledge: Knowledge;
  readonly onProgress: (done: number, total: number) => void;
}

/** Loads rules. Never rejects. */
export async function loadRules(source: RuleSource, options: LoadRulesOptions): Promise<LoadedRules> {
  switch (source.type) {
    case 'folder':
      return loadFolder(source.path, options);
    case 'packed':
      return loadPacked(source.bytes, options);
    case 'last-good':
      return loadKept(source.path, options);
  }
}

async function loadFolder(path: string, options: LoadRulesOptions): Promise<LoadedRules> {
  const { listing, files } = await readFolderFiles(path);
  const { signature, changedAt, folders } = listing;
  const compiled = await compileSafely(files, readingProblems(listing, files), options);
  return { ...compiled, folder: { signature, changedAt, folders }, savedAt: null, files };
}

async function loadPacked(bytes: Uint8Array, options: LoadRulesOptions): Promise<LoadedRules> {
  try {
    const files = (await unpackFiles(bytes)).map(asRead);
    const compiled = await compileSafely(files, readingProblems({ failures: [] }, files), options);
    return { ...compiled, folder: null, savedAt: null, files };
  } catch (error) {
    if (!(error instanceof UnusablePack)) throw error;
    const message = `The published rules cannot be unpacked: ${error.message}.`;
    return { ...nothing(options), problems: [fileProblem('.', message)] };
  }
}

async function loadKept(path: string, options: LoadRulesOptions): Promise<LoadedRules> {
  try {
    const kept = await readLastGood(path);
    if (kept === null) return { ...nothing(options), problems: [] };
    const files = kept.files.map(asRead);
    const compiled = await compileSafely(files, [], options);
    return { ...compiled, folder: null, savedAt: kept.savedAt, files };
  } catch (error) {
    if (!(error instanceof UnusableLastGood)) throw error;
    const message = `The last good rules cannot be used: ${error.message}.`;
    return { ...nothing(options), problems: [fileProblem(path, message, { severity: 'warning' })] };
  }
}

function nothing({ knowledge }: LoadRulesOptions): Omit<LoadedRules, 'problems'> {
  return { image: null, folder: null, savedAt: null, knowledge, files: [] };
}

function asRead({ text, ...listed }: KeptFile): ReadFile {
  return { ...listed, content: { type: 'text', text } };
}

async function compileSafely(
  files: readonly ReadFile[],
  failures: readonly LocatedProblem[],
  options: LoadRulesOptions,
): Promise<Pick<LoadedRules, 'image' | 'problems' | 'knowledge'>> {
  try {
    return await compileFiles(files, failures, options);
  } catch (error) {
    return { image: null, problems: [...failures, compilerFailure(error)], knowledge: options.knowledge };
  }
}

/** Keeps the files of good rules. @throws when they cannot be written */
export async function keepRules(path: string, files: readonly ReadFile[], savedAt: number): Promise<void> {
  const kept = files.flatMap(({ file, role, content }) =>
    content.type === 'text' ? [{ file, role, text: content.text }] : [],
  );
  await writeLastGood(path, { savedAt, files: kept });
}
