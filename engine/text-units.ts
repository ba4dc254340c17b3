/**
 * Texts as code units, folded or as they are: what a search runs over. No new text is made and no way back
 * to the original is kept, as callbacks need it fast.
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

/** @returns 0 beyond the end */
function foldedUnitAt(text: string, position: number): number {
  const unit = position < text.length ? text.charCodeAt(position) : 0;
  const known = foldedUnits[unit] ?? 0;
  return known === 0 ? (foldedUnits[unit] = foldUnit(unit)) : known;
}

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
  let unit = foldedUnitAt(original, 0);
  while (position < original.length) {
    const following = foldedUnitAt(original, position + 1);
    if (unit !== IN_CLUSTER && following !== IN_CLUSTER) {
      units[length] = unit;
      length += 1;
      position += 1;
      unit = following;
    } else {
      CLUSTER_HERE.lastIndex = position;
      const cluster = CLUSTER_HERE.exec(original)?.[0] ?? '';
      const pieces = foldCluster(cluster);
      position += cluster.length;
      units = withRoom(units, length, pieces.length + original.length - position);
      for (let index = 0; index < pieces.length; index += 1) units[length + index] = pieces.charCodeAt(index);
      length += pieces.length;
      unit = foldedUnitAt(original, position);
    }
  }
  return { units, length };
}

/** Room for so many more units. */
function withRoom(units: Uint16Array, used: number, more: number): Uint16Array {
  if (used + more <= units.length) return units;
  const larger = new Uint16Array((used + more) * 2);
  larger.set(units.subarray(0, used));
  return larger;
}
