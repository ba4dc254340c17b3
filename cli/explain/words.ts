/** Values and conditions in few words. */
import type { Leaf } from '../../engine/condition.js';
import { factDefinition, type FactName, type FactValue } from '../../engine/facts.js';
import type { PlacedLeaf } from '../../engine/placed.js';
import { isRecord } from '../../store/data.js';
import { printable } from '../../store/code-frame.js';

/** Characters of a text, and entries of a list, that are shown. */
const MOST_CHARACTERS = 100;
const MOST_ENTRIES = 10;

/** A text in quotes, cut when it is long. */
function quoted(text: string): string {
  const characters = Array.from(text);
  const rest = characters.length - MOST_CHARACTERS;
  if (rest > 0)
    return `${inQuotes(characters.slice(0, MOST_CHARACTERS).join(''))}… (${rest} more characters)`;
  return inQuotes(text);
}

/** As in YAML: backslashes, as of patterns, stay as they are in single quotes. */
function inQuotes(text: string): string {
  const isPattern = text.includes('\\') && text === printable(text);
  return isPattern ? `'${text.replaceAll("'", "''")}'` : printable(JSON.stringify(text));
}

/** Plain data on one line: texts in quotes, long texts and lists cut. */
export function show(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'nothing';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_ENTRIES).map(show).join(', ');
    const rest = value.length - MOST_ENTRIES;
    return rest > 0 ? `[${shown}, … ${rest} more]` : `[${shown}]`;
  }
  if (!isRecord(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${key}: ${show(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A fact's value; a time as people read it. */
export function showFact(fact: FactName, value: FactValue | undefined): string {
  if (factDefinition(fact).type !== 'time' || typeof value !== 'number') return show(value);
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? String(value) : time.toISOString();
}

/** A leaf as it is written: `target.id in list support`. */
export function showLeaf({ leaf, node }: PlacedLeaf): string {
  return `${leaf.fact} ${leaf.operator} ${showOperand(isRecord(node.value) ? node.value['value'] : undefined)}`;
}

function showOperand(value: unknown): string {
  if (isRecord(value) && typeof value['list'] === 'string') return `list ${value['list']}`;
  if (isRecord(value) && typeof value['fact'] === 'string') return value['fact'];
  return show(value);
}

/** `count.sends of actor.id is 3`, for each. */
export function showRemembered(values: ReadonlyMap<FactName, FactValue | undefined>): string {
  return [...values].map(([name, value]) => `${name} is ${show(value)}`).join(', ');
}

/** The values that a leaf looked at: `target.id is "bob"`. */
export function showValues({ fact, right }: Leaf, values: { left?: FactValue; right?: FactValue }): string {
  const facts: [FactName, FactValue | undefined][] = [[fact, values.left]];
  if (right.type === 'fact') facts.push([right.fact, values.right]);
  return facts.map(([name, value]) => `${name} is ${showFact(name, value)}`).join(', ');
}
