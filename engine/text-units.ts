/**
 * Texts as code units, folded or as they are: what a search runs over. No way back to the original is kept,
 * as callbacks need it fast.
 */
import { CLUSTER, foldCluster } from './text.js';

/** Code units of a text. Shared: they hold until the same function is called again. */
export interface TextUnits {
  readonly units: Uint16Array;
  /** How many of them count. */
  readonly length: number;
}

/** The last texts are remembered: within one decision, the same text is searched again and again. */
interface Memory extends TextUnits {
  readonly original: string;
}

const NOTHING: Memory = { original: '', units: new Uint16Array(0), length: 0 };
let asIs = NOTHING;
let folded = NOTHING;

/** A text as it is. */
export function unitsOf(original: string): TextUnits {
  if (original !== asIs.original) asIs = { original, ...copyInto(asIs.units, original) };
  return asIs;
}

/** A text folded, to the same code units as `fold` makes. */
export function foldedUnitsOf(original: string): TextUnits {
  if (original !== folded.original) folded = { original, ...foldInto(folded.units, original) };
  return folded;
}

/** Code units that become text in one go: they are arguments of a call. */
const AT_ONCE = 4096;
let foldedText = { original: '', text: '' };

/** A text folded, as `fold` makes it; remembered like the units. */
export function foldedTextOf(original: string): string {
  if (original !== foldedText.original) foldedText = { original, text: textOf(foldedUnitsOf(original)) };
  return foldedText.text;
}

function textOf({ units, length }: TextUnits): string {
  let text = '';
  for (let start = 0; start < length; start += AT_ONCE) {
    const some = units.subarray(start, Math.min(length, start + AT_ONCE));
    text += String(Reflect.apply(String.fromCharCode, undefined, some));
  }
  return text;
}

/** @param room is used when it is large enough */
function copyInto(room: Uint16Array, original: string): TextUnits {
  const units = withRoom(room, 0, original.length);
  for (let index = 0; index < original.length; index += 1) units[index] = original.charCodeAt(index);
  return { units, length: original.length };
}

/** Stands for a code unit that must be seen together with its neighbours. U+FFFF itself is no character. */
const IN_CLUSTER = 0xffff;

/** Folded form of each code unit that folds to one, whatever stands before it; 0 until it is asked for. */
const foldedUnits = new Uint16Array(0x10000);

function foldUnit(unit: number): number {
  const character = String.fromCharCode(unit);
  const folded = foldCluster(character);
  const isAlone = folded.length === 1 && !/[\p{M}\p{Surrogate}]/u.test(character);
  return isAlone ? folded.charCodeAt(0) : IN_CLUSTER;
}

const CLUSTER_HERE = new RegExp(CLUSTER.source, 'uy');

/** @param room is used when it is large enough */
function foldInto(room: Uint16Array, original: string): TextUnits {
  let units = withRoom(room, 0, original.length);
  let length = 0;
  let position = 0;
  for (;;) {
    const end = foldPlain(units, length, original, position);
    length += end - position;
    if (end === original.length) return { units, length };
    CLUSTER_HERE.lastIndex = end;
    const cluster = CLUSTER_HERE.exec(original)?.[0] ?? '';
    const pieces = foldedCluster(cluster);
    position = end + cluster.length;
    units = withRoom(units, length, pieces.length + original.length - position);
    for (let index = 0; index < pieces.length; index += 1) units[length + index] = pieces.charCodeAt(index);
    length += pieces.length;
  }
}

/**
 * Folds the code units that can be seen alone.
 *
 * @param used how many units there are already
 * @returns the place of the first cluster, or the end of the text
 */
function foldPlain(units: Uint16Array, used: number, original: string, start: number): number {
  const shift = used - start;
  for (let position = start; position < original.length; position += 1) {
    const unit = original.charCodeAt(position);
    const folded = foldedUnits[unit] || (foldedUnits[unit] = foldUnit(unit));
    // The character before may belong to it.
    if (folded === IN_CLUSTER) return Math.max(start, position - 1);
    units[position + shift] = folded;
  }
  return original.length;
}

/** Clusters that were folded lately, such as emoji, which come again and again. */
const foldedClusters = new Map<string, string>();
const MOST_CLUSTERS = 1024;
/** Longer ones are made to be long, and never come again. */
const LONGEST_CLUSTER = 8;

function foldedCluster(cluster: string): string {
  if (cluster.length > LONGEST_CLUSTER) return foldCluster(cluster);
  let folded = foldedClusters.get(cluster);
  if (folded === undefined) {
    folded = foldCluster(cluster);
    if (foldedClusters.size === MOST_CLUSTERS) foldedClusters.clear();
    foldedClusters.set(cluster, folded);
  }
  return folded;
}

/** Room for so many more units. */
function withRoom(units: Uint16Array, used: number, more: number): Uint16Array {
  if (used + more <= units.length) return units;
  const larger = new Uint16Array((used + more) * 2);
  larger.set(units.subarray(0, used));
  return larger;
}
