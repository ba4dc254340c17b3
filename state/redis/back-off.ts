/**
 * Milliseconds until the next attempt: twice as many each time, up to a limit, and by chance up to half of that
 * shorter, so that many processes do not come at once.
 */
export function delayAfter(
  failures: number,
  { first, most }: { readonly first: number; readonly most: number },
  random = Math.random(),
): number {
  return Math.min(most, first * 2 ** Math.min(failures, 20)) * (1 - random / 2);
}
