import { createList, createLiveList, parseListText, type List } from '../list.js';
import type { LiveLists } from '../live/live-lists.js';
import { hintFor } from '../nearest.js';
import {
  problemAt,
  readEntries,
  readList,
  readMapping,
  readText,
  readTrue,
  type Node,
  type Report,
} from './node.js';
import { LIST_SHAPE } from './shapes.js';

export interface ListSources {
  /** List files by name. */
  readonly texts: ReadonlyMap<string, string>;
  /** Where the contents of live lists are. */
  readonly live: LiveLists;
}

/** Reads the `lists` of one file into `lists`. */
export function parseLists(node: Node, sources: ListSources, lists: Map<string, List>, report: Report): void {
  for (const [name, member] of readEntries(node, report)) {
    if (lists.has(name)) {
      report(problemAt(member, 'duplicate-id', `There is already a list \`${name}\`.`, { atKey: true }));
      continue;
    }
    lists.set(name, parseOne(name, member, sources, report));
  }
}

/** A broken list still exists: rules that name it are not wrong. */
function parseOne(name: string, node: Node, { texts, live }: ListSources, report: Report): List {
  if (Array.isArray(node.value)) {
    const entries = (readList(node, report) ?? []).flatMap((entry) => readText(entry, report) ?? []);
    return createList(name, entries);
  }
  const what = 'a list: texts, `{ file: name.txt }` or `{ live: true }`';
  const members = readMapping(node, LIST_SHAPE, what, report);
  if (members?.description !== undefined) readText(members.description, report);
  if (members?.live !== undefined) {
    if (members.file !== undefined) {
      const message = 'A list is either live or a file.';
      report(problemAt(members.file, 'wrong-value', message, { hint: 'Make two lists of it.', atKey: true }));
    }
    readTrue(members.live, report);
    return createLiveList(name, live.contents(name));
  }
  if (members !== undefined && members.file === undefined) {
    report(problemAt(node, 'missing-key', '`file` or `live` is missing in a list.'));
  }
  return createList(name, members?.file === undefined ? [] : readListFile(members.file, texts, report));
}

function readListFile(node: Node, texts: ReadonlyMap<string, string>, report: Report): readonly string[] {
  const file = readText(node, report);
  if (file === undefined) return [];
  const text = texts.get(file.replace(/^\.\//, ''));
  if (text !== undefined) return parseListText(text);
  const hint =
    texts.size === 0
      ? 'List files end in .txt and lie in the rules folder.'
      : hintFor(file, [...texts.keys()]);
  const message = `There is no list file \`${file}\` in the rules folder.`;
  report(problemAt(node, 'file-unreadable', message, { hint }));
  return [];
}
