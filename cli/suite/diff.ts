/** What is wanted and what came out, side by side or line by line. */
import { isList, isRecord } from '../../store/data.js';
import { printable } from '../../store/code-frame.js';
import { show } from '../explain/words.js';
import type { Paint } from './style.js';

/** Lines compared one by one; beyond them, the whole is shown twice. */
const MOST_LINES = 400;

/** Lines that show a difference: two for small values, a line-by-line one for larger ones. */
export function showDifference(want: unknown, got: unknown, paint: Paint): readonly string[] {
  if (!isLarge(want) || !isLarge(got)) {
    return [paint('green', `want ${show(want)}`), paint('red', `got  ${show(got)}`)];
  }
  const lines = diffLines(linesOf(want), linesOf(inOrderOf(want, got)));
  return ['- want  + got', ...lines].map((line) =>
    line.startsWith('-') ? paint('green', line) : line.startsWith('+') ? paint('red', line) : line,
  );
}

function isLarge(value: unknown): boolean {
  return typeof value === 'object' && value !== null && JSON.stringify(value).length > 60;
}

function linesOf(value: unknown): readonly string[] {
  return JSON.stringify(value, null, 2).split('\n').map(printable);
}

/** A copy whose keys stand in the order of another value's, so that only real differences show. */
function inOrderOf(model: unknown, value: unknown): unknown {
  if (isList(value)) {
    return value.map((member, index) => inOrderOf(isList(model) ? model[index] : undefined, member));
  }
  if (!isRecord(value)) return value;
  const known = isRecord(model) ? Object.keys(model).filter((key) => Object.hasOwn(value, key)) : [];
  const keys = new Set([...known, ...Object.keys(value)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, inOrderOf(isRecord(model) ? model[key] : undefined, value[key])]),
  );
}

/** The longest common subsequence stays, `-` and `+` mark the rest. */
export function diffLines(want: readonly string[], got: readonly string[]): readonly string[] {
  if (want.length > MOST_LINES || got.length > MOST_LINES) {
    return [...want.map((line) => `- ${line}`), ...got.map((line) => `+ ${line}`)];
  }
  const common = commonLengths(want, got);
  const lengthAt = (left: number, right: number): number => common[left]?.[right] ?? 0;
  const lines: string[] = [];
  let [left, right] = [0, 0];
  while (left < want.length || right < got.length) {
    if (left < want.length && want[left] === got[right]) {
      lines.push(`  ${want[left] ?? ''}`);
      left += 1;
      right += 1;
    } else if (
      right >= got.length ||
      (left < want.length && lengthAt(left + 1, right) >= lengthAt(left, right + 1))
    ) {
      lines.push(`- ${want[left] ?? ''}`);
      left += 1;
    } else {
      lines.push(`+ ${got[right] ?? ''}`);
      right += 1;
    }
  }
  return lines;
}

/** Lengths of the longest common subsequences of all pairs of ends. */
function commonLengths(want: readonly string[], got: readonly string[]): readonly (readonly number[])[] {
  const table: number[][] = Array.from({ length: want.length + 1 }, () => []);
  for (let left = want.length - 1; left >= 0; left -= 1) {
    for (let right = got.length - 1; right >= 0; right -= 1) {
      const row = table[left] ?? [];
      row[right] =
        want[left] === got[right]
          ? 1 + (table[left + 1]?.[right + 1] ?? 0)
          : Math.max(table[left + 1]?.[right] ?? 0, row[right + 1] ?? 0);
    }
  }
  return table;
}
