/** Reads what an example or a test gives to live lists: `{ banned_users: [bob] }`. */
import type { List } from '../list.js';
import type { GivenEntries } from '../live/given-entries.js';
import { readListName } from './conditions.js';
import { problemAt, readAnyList, readEntries, readText, type Node, type Report } from './node.js';

/** @param lists those that the rules know */
export function parseGivenLists(
  node: Node,
  lists: ReadonlyMap<string, List>,
  report: Report,
): readonly GivenEntries[] {
  return readEntries(node, report).flatMap(([name, member]) => {
    const list = readListName({ ...member, value: name }, lists, (problem) =>
      report({ ...problem, atKey: true }),
    );
    const entries = readAnyList(member, report).flatMap((entry) => readText(entry, report) ?? []);
    if (list === undefined) return [];
    if (list.live !== undefined) return [{ live: list.live, entries }];
    const message = `The list \`${name}\` is not live: its entries stand in the rule files.`;
    report(problemAt(member, 'wrong-value', message, { atKey: true }));
    return [];
  });
}
