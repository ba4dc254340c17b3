/** Suggestions for misspelt names. */
import { closest, distance } from 'fastest-levenshtein';

/** "Did you mean `x`?" for the nearest of the candidates, when one is near. */
export function didYouMean(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const nearest = closest(name, candidates);
  const isNear =
    distance(name.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, Math.floor(name.length / 3));
  return isNear ? `Did you mean \`${nearest}\`?` : undefined;
}

/** The names as a readable list, for hints where nothing is near: "`a`, `b`, `c`". */
export function enumerate(names: Iterable<string>): string {
  return [...names].map((name) => `\`${name}\``).join(', ');
}

/** The nearest name, or the whole set when it is small enough to be read. */
export function hintFor(name: string, candidates: readonly string[]): string {
  const suggestion = didYouMean(name, candidates);
  if (suggestion !== undefined) return suggestion;
  return candidates.length <= 12
    ? `Possible here: ${enumerate(candidates)}.`
    : `${candidates.length} names are possible here.`;
}
