/** Lengths of time as authors write them: `30s`, `10m`, `1h`, `7d`. */

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The longest length there is, in milliseconds: a year. */
export const LONGEST = 366 * 86_400_000;

/** What a duration looks like. */
export const DURATION = /^([1-9]\d{0,8})(s|m|h|d)$/;

/** @returns milliseconds, or `undefined` for what is no duration of up to {@link LONGEST} */
export function parseDuration(text: string): number | undefined {
  const [, count = '', unit = ''] = DURATION.exec(text) ?? [];
  const length = Number(count) * (UNITS[unit] ?? 0);
  return length > 0 && length <= LONGEST ? length : undefined;
}
