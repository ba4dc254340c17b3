/** What lies in a rules folder: names and marks of change, without reading a file. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAbsent } from './read-text.js';

/** Folders within folders that are looked into. */
const MAX_DEPTH = 16;
/** Entries looked at; a folder with more is no rules folder. */
const MAX_ENTRIES = 20_000;

/**
 * Names that are never content: hidden ones (`.a.yaml.swp`, `.git`, a ConfigMap's `..data`), what
 * editors leave behind, and `4913`, which vim creates to find out whether it may.
 */
const DROPPING = /^\.|~$|\.(?:sw[a-z]|tmp|bak)$|^#.*#$|^4913$/i;

/** What a file is to the rules. */
export type FileRole = 'rules' | 'list';

/** A file of the folder. */
export interface ListedFile {
  /** Path relative to the folder, with `/` on every system. */
  readonly file: string;
  readonly role: FileRole;
}

export interface FolderListing {
  /** By name, in code-unit order. */
  readonly files: readonly ListedFile[];
  /** The folder (`.`) and those in it, by name: which directory on the disk it is at the moment. */
  readonly folders: ReadonlyMap<string, string>;
  /** Changes whenever a file was added, removed, renamed, replaced or written. */
  readonly signature: string;
  /** Latest change of any file, in milliseconds since 1970 by the file system's clock. */
  readonly changedAt: number;
  /** Sizes of all files together. */
  readonly bytes: number;
  readonly failures: readonly ListingFailure[];
}

/** A folder or file that could not be looked at. */
export interface ListingFailure {
  readonly file: string;
  readonly error: unknown;
}

/** What a file is to the rules by its name; `undefined` for any other file and what editors leave behind. */
export function roleOf(name: string): FileRole | undefined {
  if (DROPPING.test(name) || /\.test\.ya?ml$/i.test(name)) return undefined;
  if (/\.ya?ml$/i.test(name)) return 'rules';
  return /\.txt$/i.test(name) ? 'list' : undefined;
}

/** Whether a name is never content, be it a file's or a folder's. */
export function isDropping(name: string): boolean {
  return DROPPING.test(name);
}

/** Lists a folder with everything below it, links followed. Never rejects. */
export async function listFolder(folder: string): Promise<FolderListing> {
  const files: ListedFile[] = [];
  const folders = new Map<string, string>();
  const failures: ListingFailure[] = [];
  const marks: string[] = [];
  let changedAt = 0;
  let bytes = 0;
  let entries = 0;

  async function visitFolder(name: string, parents: readonly string[]): Promise<void> {
    const path = join(folder, name);
    const real = await realpath(path);
    // A link to a folder that it lies in.
    if (parents.includes(real)) return;
    if (parents.length > MAX_DEPTH) throw new Error(`It lies more than ${MAX_DEPTH} folders deep`);
    const names = await readdir(path);
    entries += names.length;
    if (entries > MAX_ENTRIES) throw new Error(`There are more than ${MAX_ENTRIES} entries up to here`);
    for (const child of names) {
      if (!isDropping(child)) await look(name === '.' ? child : `${name}/${child}`, [...parents, real]);
    }
  }

  async function look(name: string, parents: readonly string[]): Promise<void> {
    const role = roleOf(basename(name));
    try {
      const found = await stat(join(folder, name), { bigint: true });
      if (found.isDirectory()) {
        folders.set(name, `${found.dev}:${found.ino}`);
        await visitFolder(name, parents);
      } else if (name === '.') {
        throw new Error('It is not a folder');
      } else if (role !== undefined) {
        files.push({ file: name, role });
        marks.push([name, found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' '));
        bytes += Number(found.size);
        changedAt = Math.max(changedAt, Number(found.mtimeMs), Number(found.ctimeMs));
      }
    } catch (error) {
      // What vanished between being named and being looked at is simply gone; a rule file or list that
      // cannot be looked at may be a broken link, which reading it will tell.
      if (role !== undefined) files.push({ file: name, role });
      else if (name === '.' || !isAbsent(error)) failures.push({ file: name, error });
      else return;
      marks.push(`${name} ${error instanceof Error ? error.message : 'failed'}`);
    }
  }

  await look('.', []);
  files.sort((a, b) => (a.file < b.file ? -1 : 1));
  return { files, folders, failures, signature: marks.sort().join('\n'), changedAt, bytes };
}
