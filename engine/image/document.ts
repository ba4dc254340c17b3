/** A rule file as bytes: kept from load to load, a few hundred bytes a rule. */
import { readDocument } from '../parse/definitions.js';
import { readAnyList, type Node, type Report } from '../parse/node.js';
import type { RuleDocument } from '../rule-set.js';
import { decodeJson, encodeTexts, shareNumbers } from '../shared-memory.js';

export interface PackedDocument {
  readonly file: string;
  /** JSON of `[file, data]`. */
  readonly json: Uint8Array;
  /** Where each rule begins and ends in `json`: two numbers a rule. */
  readonly rules: Uint32Array;
  readonly lists: Range | null;
  readonly conditions: Range | null;
}

/** From where to where in the bytes. */
type Range = readonly [start: number, end: number];

/** Packs a rule file. What is wrong with it as a whole is reported; its rules are not looked at. */
export function packDocument(document: RuleDocument, report: Report): PackedDocument {
  const members = readDocument(document, report);
  const rules = members.rules === undefined ? [] : readAnyList(members.rules, report);
  const pieces = createPieces();
  pieces.add(`[${JSON.stringify(document.file)},`);
  addData(pieces, document.data ?? null, rules);
  pieces.add(']');
  const { bytes, rangeOf } = pieces.encode();
  const ranges = shareNumbers(Uint32Array, { length: rules.length * 2 });
  for (const number of rules.keys()) ranges.set(rangeOf(number) ?? [], number * 2);
  return {
    file: document.file,
    json: bytes,
    rules: ranges,
    lists: (members.lists === undefined ? undefined : rangeOf('lists')) ?? null,
    conditions: (members.conditions === undefined ? undefined : rangeOf('conditions')) ?? null,
  };
}

/** Adds what `JSON.stringify(data)` gives, with the members and rules as pieces of their own. */
function addData(pieces: Pieces, data: unknown, rules: readonly Node[]): void {
  const entries =
    typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.entries(data) : [];
  if (entries.length === 0) {
    pieces.add(JSON.stringify(data));
    return;
  }
  for (const [index, [key, value]] of entries.entries()) {
    pieces.add(`${index === 0 ? '{' : ','}${JSON.stringify(key)}:`);
    if (key === 'rules' && rules.length > 0) {
      for (const [number, rule] of rules.entries()) {
        pieces.add(number === 0 ? '[' : ',');
        pieces.add(JSON.stringify(rule.value), number);
      }
      pieces.add(']');
    } else {
      pieces.add(JSON.stringify(value), key);
    }
  }
  pieces.add('}');
}

/** A text in pieces; those with a name can be found again in its bytes. */
interface Pieces {
  add(text: string, name?: string | number): void;
  encode(): {
    readonly bytes: Uint8Array;
    readonly rangeOf: (name: string | number) => Range | undefined;
  };
}

function createPieces(): Pieces {
  const texts: string[] = [];
  const names = new Map<string | number, number>();
  return {
    add(text, name) {
      if (name !== undefined) names.set(name, texts.length);
      texts.push(text);
    },
    encode() {
      const { bytes, starts } = encodeTexts(texts);
      return {
        bytes,
        rangeOf(name) {
          const index = names.get(name);
          return index === undefined ? undefined : [starts[index] ?? 0, starts[index + 1] ?? 0];
        },
      };
    },
  };
}

/** A rule of a document, as it was written. @param position from 0 */
export function ruleNode({ file, json, rules }: PackedDocument, position: number): Node {
  const value = decodeJson(json, rules[position * 2], rules[position * 2 + 1]);
  return { file, path: ['rules', position], value };
}

export function ruleCount({ rules }: PackedDocument): number {
  return rules.length / 2;
}

/** The lists and conditions that a document defines. */
export function definitionNodes({ file, json, lists, conditions }: PackedDocument): {
  readonly lists?: Node;
  readonly conditions?: Node;
} {
  const nodeOf = (name: string, [start, end]: Range): Node => ({
    file,
    path: [name],
    value: decodeJson(json, start, end),
  });
  return {
    ...(lists !== null && { lists: nodeOf('lists', lists) }),
    ...(conditions !== null && { conditions: nodeOf('conditions', conditions) }),
  };
}
