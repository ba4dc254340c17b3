/** Tables of cases: one case is written once and run with the values of each row. */
import { enumerate, hintFor } from '../../engine/nearest.js';
import {
  childOf,
  problemAt,
  readEntries,
  readList,
  type Node,
  type Report,
} from '../../engine/parse/node.js';
import { isList, isRecord } from '../../store/data.js';

/** Values by name. */
export interface Row {
  /** From 1. */
  readonly number: number;
  readonly node: Node;
  readonly values: ReadonlyMap<string, unknown>;
}

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Reads the rows of `each`. */
export function parseRows(node: Node, report: Report): readonly Row[] {
  return (readList(node, report) ?? []).map((row, index) => ({
    number: index + 1,
    node: row,
    values: new Map(readEntries(row, report).map(([name, member]) => [name, member.value])),
  }));
}

/**
 * The node with the values of a row in the place of `{{name}}`. A text that is nothing else becomes the
 * value itself, a number or list for instance. Keys are left as they are.
 */
export function fillIn(node: Node, row: Row, report: Report): Node {
  const { value } = node;
  if (typeof value === 'string') return { ...node, value: fillText(node, value, row, report) };
  const fill = (key: string | number, member: unknown): unknown =>
    fillIn(childOf(node, key, member), row, report).value;
  if (isList(value)) return { ...node, value: value.map((member, index) => fill(index, member)) };
  if (!isRecord(value)) return node;
  const filled = Object.entries(value).map(([key, member]) => [key, fill(key, member)] as const);
  return { ...node, value: Object.fromEntries(filled) };
}

function fillText(node: Node, text: string, { values, number }: Row, report: Report): unknown {
  const valueOf = (name: string): unknown => {
    if (values.has(name)) return values.get(name);
    const names = [...values.keys()];
    const hint = names.length === 0 ? 'The row has no values.' : hintFor(name, names);
    report(problemAt(node, 'wrong-value', `Row ${number} has no \`${name}\` for {{ }}.`, { hint }));
    return '';
  };
  const [whole] = text.matchAll(PLACEHOLDER);
  if (whole !== undefined && whole[0] === text) return valueOf(whole[1] ?? '');
  return text.replace(PLACEHOLDER, (_, name: string) => textOf(valueOf(name)));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Names that stand in `{{ }}` anywhere in a node. */
export function namesIn({ value }: Node): ReadonlySet<string> {
  const matches = JSON.stringify(value).matchAll(PLACEHOLDER);
  return new Set(Array.from(matches, ([, name = '']) => name));
}

/** Reports values that nothing in the case uses, once for each name: one of the two is misspelt. */
export function reportUnusedColumns(rows: readonly Row[], used: ReadonlySet<string>, report: Report): void {
  const reported = new Set<string>();
  for (const { node, values } of rows) {
    for (const [name, value] of values) {
      if (used.has(name) || reported.has(name)) continue;
      reported.add(name);
      const hint = used.size === 0 ? `Write {{${name}}} where it belongs.` : `Used: ${enumerate(used)}.`;
      const message = `Nothing in the case uses \`${name}\`.`;
      report(problemAt(childOf(node, name, value), 'unknown-key', message, { hint, atKey: true }));
    }
  }
}
