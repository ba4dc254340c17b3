/** Entries of live lists that an explanation shall take as given: `banned_users=bob`. */
import type { List } from '../../engine/list.js';
import type { GivenEntries } from '../../engine/live/given-entries.js';
import { hintFor } from '../../engine/nearest.js';
import { UserError } from '../suite/user-error.js';

/** @throws UserError when there is no such live list */
export function readListed(
  texts: readonly string[],
  lists: ReadonlyMap<string, List>,
): readonly GivenEntries[] {
  return texts.map((text) => {
    const place = text.indexOf('=');
    const [name, entry] = place === -1 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)];
    const live = lists.get(name)?.live;
    if (entry === '') throw new UserError(`--list: expected NAME=ENTRY, such as banned_users=bob.`);
    if (live !== undefined) return { live, entries: [entry] };
    const names = [...lists.values()].flatMap((list) => (list.live === undefined ? [] : [list.name]));
    const hint = names.length === 0 ? 'The rules have none.' : hintFor(name, names);
    throw new UserError(`--list: there is no live list \`${name}\`. ${hint}`);
  });
}
