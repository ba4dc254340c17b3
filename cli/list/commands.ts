/** What `callgate list` does: asks a running gate, and says what came of it as data. */
import type { WantedEntry } from '../../state/lists/entry.js';
import { isList, isRecord, type JsonRecord } from '../../store/data.js';
import { NotThere, type AdminClient } from './admin-client.js';
import { batchesOf } from './batches.js';

/** How many entries came to what. */
export type Counts = Readonly<Record<string, number>>;

/** Lists, or entries, as the gate describes them. */
export type Described = Readonly<Record<string, unknown>>;

/** Entries that are asked for in one go. */
const PAGE = 1000;

export function pathOf(list: string, ...rest: readonly string[]): string {
  return `/lists/${[list, ...rest].map(encodeURIComponent).join('/')}`;
}

export async function showLists(gate: AdminClient): Promise<JsonRecord> {
  return gate.ask('GET', '/lists');
}

export interface ShownList {
  readonly list: Described;
  readonly entries: readonly Described[];
}

/** @param most how many entries are wanted */
export async function showList(gate: AdminClient, name: string, most: number): Promise<ShownList> {
  const entries: Described[] = [];
  let cursor = '';
  for (;;) {
    const limit = Math.min(PAGE, most - entries.length);
    const { page, cursor: next, ...list } = await gate.ask('GET', `${pathOf(name)}?limit=${limit}${cursor}`);
    entries.push(...(isList(page) ? page.filter(isRecord) : []));
    if (typeof next !== 'string' || entries.length >= most) return { list, entries };
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

/** @returns `undefined` when the list has no such entry. @throws UserError when there is no such list */
export async function showEntry(
  gate: AdminClient,
  name: string,
  value: string,
): Promise<Described | undefined> {
  await gate.ask('GET', `${pathOf(name)}?limit=1`);
  try {
    return await gate.ask('GET', pathOf(name, 'entries', value));
  } catch (error) {
    if (error instanceof NotThere) return undefined;
    throw error;
  }
}

export async function addEntries(
  gate: AdminClient,
  name: string,
  entries: readonly WantedEntry[],
  isDryRun: boolean,
): Promise<Counts> {
  const counts: Record<string, number> = { added: 0, updated: 0, unchanged: 0 };
  for (const batch of batchesOf(entries)) {
    addTo(counts, await gate.ask('POST', entriesPath(name, isDryRun), { entries: batch }));
  }
  return counts;
}

export async function removeEntries(
  gate: AdminClient,
  name: string,
  { values, owner }: { readonly values: readonly string[]; readonly owner: string },
  isDryRun: boolean,
): Promise<Counts> {
  const counts: Record<string, number> = { removed: 0, absent: 0 };
  for (let from = 0; from < values.length; from += PAGE) {
    const some = values.slice(from, from + PAGE);
    addTo(counts, await gate.ask('DELETE', entriesPath(name, isDryRun), { values: some, owner }));
  }
  return counts;
}

function entriesPath(name: string, isDryRun: boolean): string {
  return `${pathOf(name, 'entries')}${isDryRun ? '?dryRun=true' : ''}`;
}

function addTo(counts: Record<string, number>, answer: JsonRecord): void {
  for (const [name, count] of Object.entries(counts)) counts[name] = count + Number(answer[name] ?? 0);
}
