/** Entries that an example or a test gives to live lists, which are empty otherwise where rules are tried. */
import type { LiveContents } from './live-lists.js';

export interface GivenEntries {
  readonly live: LiveContents;
  readonly entries: readonly string[];
}

/** Does some work while the lists have the given entries. Only for work that nothing else is done beside. */
export async function withEntries<T>(given: readonly GivenEntries[], work: () => Promise<T>): Promise<T> {
  for (const { live, entries } of given) for (const entry of entries) live.add(entry);
  try {
    return await work();
  } finally {
    for (const { live, entries } of given) for (const entry of entries) live.remove(entry);
  }
}
