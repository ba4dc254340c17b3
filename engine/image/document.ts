/** A rule file as bytes: kept from load to load, a few hundred bytes a rule. */
import { createHash } from 'node:crypto';
import { readDocument } from '../parse/definitions.js';
import { readAnyList, type Node, type Report } from '../parse/node.js';
import type { RuleDocument } from '../rule-set.js';
import { decodeJson, encodeTexts, shareNumbers } from '../shared-memory.js';

export interface PackedDocument {
  readonly file: string;
  /** JSON of `[file, data]`. */
  readonly json: Uint8Array;
  /** SHA-256 of it. */
  readonly digest: string;
  /** Where each rule begins and ends in `json`: two numbers a rule. */
  readonly rules: Uint32Array;
  /** Where each of the {@link DEFINITIONS} that it has begins and ends in `json`. */
  readonly definitions: readonly (readonly [name: DefinitionName, range: Range])[];
}

/** What a file may define for all files. */
export const DEFINITIONS = ['lists', 'conditions', 'counters', 'ladders', 'labels'] as const;

export type DefinitionName = (typeof DEFINITIONS)[number];

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
    digest: createHash('sha256').update(bytes).digest('base64'),
    rules: ranges,
    definitions: DEFINITIONS.flatMap((name) => {
      const range = members[name] === undefined ? undefined : rangeOf(name);
      return range === undefined ? [] : [[name, range] as const];
    }),
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

/** What a document defines for all documents. */
export function definitionNodes({
  file,
  json,
  definitions,
}: PackedDocument): Readonly<Partial<Record<DefinitionName, Node>>> {
  return Object.fromEntries(
    definitions.map(([name, [start, end]]) => [
      name,
      { file, path: [name], value: decodeJson(json, start, end) },
    ]),
  );
}
