/** YAML text to a document tree, guarded against texts that would bring the parser down. */
import { Composer, Lexer, Parser, type CST, type Document, type ErrorCode, type ParsedNode } from 'yaml';
import type { ProblemCode } from '../engine/problem.js';

/** Collections within collections that are read. Rules need about ten. */
export const MAX_DEPTH = 100;
/** Mistakes of syntax reported for one file: what follows the first ones is mostly caused by them. */
const MAX_ERRORS = 3;

/** A mistake at an offset of the text. */
export interface OffsetProblem {
  readonly code: ProblemCode;
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

export interface ParsedYaml {
  /** The tree; `null` when there are problems or the text is empty. */
  readonly contents: ParsedNode | null;
  readonly problems: readonly OffsetProblem[];
}

const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  BLOCK_AS_IMPLICIT_KEY: 'Put a text that contains ": " in quotes.',
  BAD_DQ_ESCAPE: "Write \\\\ for a backslash, or put the text in 'single quotes'.",
  BAD_SCALAR_START: 'Put the text in quotes.',
  TAG_RESOLVE_FAILED: 'Leave the tag out; put a text that begins with ! in quotes.',
};

/**
 * Parses one YAML 1.2 document with the core schema. Tags of one's own, YAML 1.1 and a second document
 * are mistakes. Keys are not compared here.
 */
export function parseYaml(text: string): ParsedYaml {
  const { tokens, tooDeepAt } = tokenize(text);
  if (tooDeepAt !== undefined) return failure('too-large', tooDeepAt, `Nested more than ${MAX_DEPTH} deep.`);
  const composer = new Composer({
    schema: 'core',
    version: '1.2',
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) return { contents: null, problems: [] };
  const problems = syntaxProblems(document);
  if (document.directives.yaml.version === '1.1') {
    problems.push(problem('yaml-syntax', 0, 'YAML 1.1 is not read.', 'Take the %YAML line away.'));
  }
  if (second !== undefined) {
    const message = 'A second document begins here; a file is one document.';
    problems.push(problem('yaml-syntax', second.range[0], message, 'Put it into a file of its own.'));
  }
  return { contents: problems.length === 0 ? document.contents : null, problems };
}

function problem(code: ProblemCode, offset: number, message: string, hint?: string): OffsetProblem {
  return { code, offset, message, ...(hint === undefined ? {} : { hint }) };
}

function failure(code: ProblemCode, offset: number, message: string): ParsedYaml {
  return { contents: null, problems: [problem(code, offset, message)] };
}

/**
 * The first stages of the parser, which use no recursion. The last one does: on ten thousand opening
 * brackets it does not throw but takes the whole process down, so depth is limited here.
 */
function tokenize(text: string): { tokens: readonly CST.Token[]; tooDeepAt?: number } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // The document itself and an unfinished scalar stand on the stack as well.
    if (parser.stack.length > MAX_DEPTH + 2) return { tokens: [], tooDeepAt: parser.offset };
  }
  tokens.push(...parser.end());
  return { tokens };
}

function syntaxProblems(document: Document.Parsed): OffsetProblem[] {
  const found = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const problems: OffsetProblem[] = [];
  for (const { code, message, pos } of found) {
    if (problems.length === MAX_ERRORS) break;
    if (problems.some(({ offset }) => offset === pos[0])) continue;
    problems.push(problem('yaml-syntax', pos[0], `${message.replace(/\.$/, '')}.`, HINTS[code]));
  }
  return problems;
}
