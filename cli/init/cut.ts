/**
 * Cuts the shipped files down to some platforms, as text, so that comments and layout stay.
 *
 * An entry of a file is what begins two spaces in: a rule, list, condition, test case or app, with the
 * comments right above it. It belongs to one platform when a comment says `# Only for OpenIM.`, or when it
 * is an app or a test case with the key `platform`. A line may end in such a comment too.
 */
import type { PlatformName } from '../../adapters/index.js';

const MARKS: readonly (readonly [mark: RegExp, platform: PlatformName])[] = [
  [/# Only for OpenIM\./, 'openim'],
  [/# Only for Tencent\./, 'tencent'],
];

/** A head of an entry: two spaces, then a key or a list item. */
const HEAD = /^ {2}[^\s#]/;
const DEEPER = /^( {3}|$)/;
const COMMENT = /^\s*#/;

/** Lines that belong together. */
interface Part {
  readonly isEntry: boolean;
  readonly lines: readonly string[];
}

/** The text without what belongs to other platforms; `undefined` when no entry of it is left. */
export function cutText(text: string, platforms: readonly PlatformName[]): string | undefined {
  const isWanted = (named: readonly PlatformName[]): boolean =>
    named.length === 0 || named.some((platform) => platforms.includes(platform));
  const parts = partsOf(text.split('\n'));
  const kept = parts.filter(({ isEntry, lines }) => !isEntry || isWanted(platformsOf(lines)));
  const hasEntries = (some: readonly Part[]): boolean => some.some(({ isEntry }) => isEntry);
  if (hasEntries(parts) && !hasEntries(kept)) return undefined;
  return kept
    .flatMap(({ lines }) => lines)
    .filter((line) => COMMENT.test(line) || isWanted(marksIn(line)))
    .join('\n');
}

/** Platforms that an entry is for by its comments or its key; none: it is for all. */
function platformsOf(lines: readonly string[]): readonly PlatformName[] {
  const head = lines.findIndex((line) => HEAD.test(line));
  const byComment = lines.slice(0, head).flatMap(marksIn);
  return byComment.length > 0 ? byComment : lines.flatMap(platformKey);
}

function marksIn(line: string): readonly PlatformName[] {
  return MARKS.filter(([mark]) => mark.test(line)).map(([, platform]) => platform);
}

/** The key of an app, of a request, or of the facts of a case; the examples of a rule are deeper. */
function platformKey(line: string): readonly PlatformName[] {
  const name = /^ {4,6}platform: (\w+)$|^ {4}given: \{.*\bplatform: (\w+)/.exec(line);
  const found = name?.[1] ?? name?.[2];
  return MARKS.map(([, platform]) => platform).filter((platform) => platform === found);
}

function partsOf(lines: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  let current: string[] = [];
  let isEntry = false;
  const finish = (): void => {
    if (current.length > 0) parts.push({ isEntry, lines: current });
    current = [];
  };
  for (const line of lines) {
    if (HEAD.test(line)) {
      const above = commentsAtEnd(current);
      current = current.slice(0, current.length - above.length);
      finish();
      current = [...above, line];
      isEntry = true;
    } else if (isEntry && !DEEPER.test(line) && !/^ {2}#/.test(line)) {
      finish();
      current = [line];
      isEntry = false;
    } else {
      current.push(line);
    }
  }
  finish();
  return parts;
}

/** Comments directly above an entry, two spaces in. */
function commentsAtEnd(lines: readonly string[]): readonly string[] {
  let start = lines.length;
  while (start > 0 && /^ {2}#/.test(lines[start - 1] ?? '')) start -= 1;
  return lines.slice(start);
}
