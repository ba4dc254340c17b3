import { createList, parseListText, type List } from '../list.js';
import { hintFor } from '../nearest.js';
import { problemAt, readEntries, readList, readMapping, readText, type Node, type Report } from './node.js';
import { LIST_FILE_SHAPE } from './shapes.js';

/** Reads the `lists` of one file into `lists`. */
export function parseLists(
  node: Node,
  texts: ReadonlyMap<string, string>,
  lists: Map<string, List>,
  report: Report,
): void {
  for (const [name, member] of readEntries(node, report)) {
    if (lists.has(name)) {
      report(problemAt(member, 'duplicate-id', `There is already a list \`${name}\`.`, { atKey: true }));
      continue;
    }
    // A broken list still exists: rules that name it are not wrong.
    lists.set(name, createList(name, parseEntries(member, texts, report)));
  }
}

function parseEntries(node: Node, texts: ReadonlyMap<string, string>, report: Report): readonly string[] {
  if (Array.isArray(node.value)) {
    return (readList(node, report) ?? []).flatMap((entry) => readText(entry, report) ?? []);
  }
  const members = readMapping(node, LIST_FILE_SHAPE, 'a list: texts, or `{ file: name.txt }`', report);
  if (members?.file === undefined) return [];
  const file = readText(members.file, report);
  if (file === undefined) return [];
  const text = texts.get(file.replace(/^\.\//, ''));
  if (text === undefined) {
    const hint =
      texts.size === 0
        ? 'List files end in .txt and lie in the rules folder.'
        : hintFor(file, [...texts.keys()]);
    report(
      problemAt(members.file, 'file-unreadable', `There is no list file \`${file}\` in the rules folder.`, {
        hint,
      }),
    );
    return [];
  }
  return parseListText(text);
}
