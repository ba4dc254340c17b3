/** Errors in log lines. */

/**
 * One line about an unexpected error: its name, message and where it was thrown, without a stack.
 * The message of a syntax error is left out, since parsers quote what they could not read.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no Error was thrown';
  const message = error instanceof SyntaxError ? '' : `: ${error.message.split('\n', 1)[0] ?? ''}`;
  const place = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return `${error.name}${message.slice(0, 200)}${place === undefined ? '' : ` (${place.trim()})`}`;
}
