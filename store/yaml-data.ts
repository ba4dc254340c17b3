/** A YAML document tree to plain data, and back from a path in the data to the text. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { DataPath, ProblemCode } from '../engine/problem.js';
import { MAX_DEPTH } from './yaml-parse.js';

/**
 * Values that aliases may add to those written out. Aliases of aliases grow without bounds: nine lines
 * can stand for a billion values.
 */
const MAX_ALIASED = 100_000;

/** Mistakes reported for one file. */
const MAX_PROBLEMS = 100;

/** A mistake at a path and its offset in the text. */
export interface DataProblem {
  readonly code: ProblemCode;
  readonly path: DataPath;
  readonly atKey?: boolean;
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}

export interface YamlData {
  /** JSON values only. Aliases of one anchor give one and the same object. */
  readonly data: unknown;
  readonly problems: readonly DataProblem[];
  /** Offset of the value at a path or of its key, else of its nearest ancestor that is there. */
  readonly offsetOf: (path: DataPath, atKey?: boolean) => number;
}

interface Anchored {
  readonly node: ParsedNode;
  readonly value: unknown;
  /** Values in it, itself and what aliases stand for included. */
  readonly size: number;
  /** Levels of collections below it. */
  readonly height: number;
}

/** Turns a document tree into data. Never throws; a mistake leaves `null` in its place. */
export function readData(root: ParsedNode | null): YamlData {
  const problems: DataProblem[] = [];
  const anchors = new Map<string, Anchored | 'open'>();
  const targets = new Map<Alias, ParsedNode>();
  const path: (string | number)[] = [];
  let size = 0;
  let aliased = 0;
  let deepest = 0;

  function report(
    code: ProblemCode,
    node: ParsedNode,
    message: string,
    more: { hint?: string; atKey?: true } = {},
  ): null {
    if (problems.length < MAX_PROBLEMS) {
      problems.push({ code, path: [...path], offset: node.range[0], message, ...more });
    }
    return null;
  }

  function readAt(step: string | number, node: ParsedNode | null): unknown {
    path.push(step);
    deepest = Math.max(deepest, path.length);
    const value = read(node);
    path.pop();
    return value;
  }

  function read(node: ParsedNode | null): unknown {
    size += 1;
    if (node === null) return null;
    if (isAlias(node)) return readAlias(node);
    return node.anchor === undefined ? readPlain(node) : readAnchored(node, node.anchor);
  }

  function readPlain(node: Exclude<ParsedNode, Alias.Parsed>): unknown {
    if (isMap(node)) return readMap(node);
    if (isSeq(node)) return node.items.map((item, index) => readAt(index, item));
    return isScalar(node) ? readScalar(node) : null;
  }

  function readAnchored(node: Exclude<ParsedNode, Alias.Parsed>, name: string): unknown {
    const outside = { size, deepest };
    deepest = path.length;
    anchors.set(name, 'open');
    const value = readPlain(node);
    const height = deepest - path.length;
    anchors.set(name, { node, value, size: size - outside.size + 1, height });
    deepest = Math.max(deepest, outside.deepest);
    return value;
  }

  function readAlias(node: Alias.Parsed): unknown {
    const name = node.source;
    const anchored = anchors.get(name);
    if (anchored === undefined)
      return report('yaml-syntax', node, `No anchor \`${name}\` stands before this.`);
    if (anchored === 'open') return report('yaml-syntax', node, `The anchor \`${name}\` contains itself.`);
    if (path.length + anchored.height > MAX_DEPTH) {
      return report('too-large', node, `Nested more than ${MAX_DEPTH} deep.`);
    }
    if (aliased + anchored.size > MAX_ALIASED) {
      return report('too-large', node, `The aliases up to here stand for more than ${MAX_ALIASED} values.`);
    }
    aliased += anchored.size;
    size += anchored.size;
    deepest = Math.max(deepest, path.length + anchored.height);
    targets.set(node, anchored.node);
    return anchored.value;
  }

  function readMap(node: YAMLMap.Parsed): unknown {
    const entries = new Map<string, unknown>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined;
      if (name === undefined) {
        report('wrong-type', key, 'A key must be a text.', { hint: 'Put it in quotes.' });
      } else if (entries.has(name)) {
        path.push(name);
        report('duplicate-key', key, `The key \`${name}\` stands here twice.`, { atKey: true });
        path.pop();
      } else {
        entries.set(name, readAt(name, value));
      }
    }
    return Object.fromEntries(entries);
  }

  function readScalar(node: Scalar.Parsed): unknown {
    const { value } = node;
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value !== 'number') return null;
    if (Number.isSafeInteger(value)) return value;
    if (/^[-+\dox]*[\da-f]+$/i.test(node.source)) {
      const hint = 'If it is an ID, put it in quotes.';
      return report('wrong-value', node, 'A number this long would lose digits.', { hint });
    }
    if (Number.isFinite(value)) return value;
    return report('wrong-value', node, `\`${node.source}\` is not a number that can be used here.`);
  }

  return {
    data: read(root),
    problems,
    offsetOf(to, atKey = false) {
      let node = root;
      let offset = root?.range[0] ?? 0;
      for (const [index, step] of to.entries()) {
        const found = childOf(node !== null && isAlias(node) ? (targets.get(node) ?? null) : node, step);
        if (found === undefined) break;
        const isKey = found.key !== null && ((atKey && index === to.length - 1) || isAbsent(found.value));
        offset = (isKey ? found.key : (found.value ?? found.key))?.range[0] ?? offset;
        node = found.value;
      }
      return offset;
    },
  };
}

interface Child {
  readonly key: ParsedNode | null;
  readonly value: ParsedNode | null;
}

function childOf(node: ParsedNode | null, step: string | number): Child | undefined {
  if (isMap(node)) {
    return node.items.find(({ key }) => isScalar(key) && key.value === step);
  }
  const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
  return item === undefined ? undefined : { key: null, value: item };
}

/** Whether nothing is written where the value would stand. */
function isAbsent(node: ParsedNode | null): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === '');
}
