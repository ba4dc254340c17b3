/** Adds up what several processes have counted. */

/**
 * Adds numbers that stand at the same place, in mappings and lists of any depth. Whatever else there is
 * comes from the first that has it.
 */
export function sumOf(values: readonly unknown[]): unknown {
  const present = values.filter((value) => value !== undefined && value !== null);
  const [first = null] = present;
  if (typeof first === 'number') return present.filter(isNumber).reduce((sum, value) => sum + value, 0);
  if (Array.isArray(first)) {
    const lists = present.filter((value): value is readonly unknown[] => Array.isArray(value));
    const longest = Math.max(...lists.map(({ length }) => length));
    return Array.from({ length: longest }, (_, index) => sumOf(lists.map((list) => list[index])));
  }
  if (typeof first !== 'object' || first === null) return first;
  const mappings = present.filter(isMapping);
  const keys = new Set(mappings.flatMap((mapping) => Object.keys(mapping)));
  return Object.fromEntries([...keys].map((key) => [key, sumOf(mappings.map((mapping) => mapping[key]))]));
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
