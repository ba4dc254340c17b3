/** Reads one text file; everything that can go wrong is a problem, not an exception. */
import { readFile, stat } from 'node:fs/promises';
import type { LocatedProblem, Problem, ProblemCode } from '../engine/problem.js';
import { locateProblem, placeProblem, textSource } from './source.js';
import { decodeText } from './text.js';

export type TextFile =
  | { readonly type: 'text'; readonly text: string }
  /** Nothing has this name (any more). */
  | { readonly type: 'absent' }
  | { readonly type: 'problem'; readonly problem: LocatedProblem };

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'Nothing has this name, or it is a link that leads nowhere',
  EACCES: 'No permission to read it',
  EPERM: 'No permission to read it',
  ELOOP: 'A link that leads to itself',
  ENOTDIR: 'A part of the path is not a folder',
  EISDIR: 'It is a folder',
  EMFILE: 'Too many files are open',
};

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether an exception of the file system says that nothing has the name. */
export function isAbsent(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}

/** A problem with a file as a whole. */
export function fileProblem(
  file: string,
  message: string,
  more: { code?: ProblemCode; hint?: string; severity?: Problem['severity'] } = {},
): LocatedProblem {
  return locateProblem(
    { code: 'file-unreadable', severity: 'error', file, path: [], message, ...more },
    undefined,
  );
}

/** The problem behind an exception of the file system. */
export function unreadable(file: string, error: unknown): LocatedProblem {
  const code = errorCode(error);
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return fileProblem(file, `${reason}${code in REASONS ? ` (${code})` : ''}.`);
}

/**
 * Reads a file as UTF-8.
 *
 * @param path where it is
 * @param file its name for problems
 * @param mostBytes the largest size that is read
 */
export async function readText(path: string, file: string, mostBytes: number): Promise<TextFile> {
  try {
    const found = await stat(path);
    // Opening a named pipe or a device could wait, or deliver, without end.
    if (!found.isFile()) return { type: 'problem', problem: fileProblem(file, 'It is not a regular file.') };
    if (found.size > mostBytes) return { type: 'problem', problem: tooLarge(file, mostBytes) };
    const decoded = decodeText(await readFile(path));
    if (decoded.type === 'text') return decoded;
    return { type: 'problem', problem: notUtf8(file, decoded) };
  } catch (error) {
    return isAbsent(error) ? { type: 'absent' } : { type: 'problem', problem: unreadable(file, error) };
  }
}

function tooLarge(file: string, mostBytes: number): LocatedProblem {
  const message = `It is larger than ${mostBytes / 1024 / 1024} MiB.`;
  return fileProblem(file, message, { code: 'too-large', hint: 'Split it into several files.' });
}

function notUtf8(
  file: string,
  { text, position }: ReturnType<typeof decodeText> & { type: 'invalid' },
): LocatedProblem {
  const problem: Problem = {
    code: 'file-unreadable',
    severity: 'error',
    file,
    path: [],
    message: 'It is not UTF-8 from here on.',
    hint: 'Save it with the encoding UTF-8.',
  };
  return placeProblem(problem, textSource(file, text), position);
}
