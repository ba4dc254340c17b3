/**
 * JSON as it is written rather than as it is meant: duplicate keys, numbers beyond every type and whatever
 * else a parsed value cannot hold.
 */
import { isArray, isJsonObject } from '../../adapters/path.js';

export type Written =
  | { readonly type: 'scalar'; readonly text: string }
  | { readonly type: 'array'; readonly items: readonly Written[] }
  | { readonly type: 'object'; readonly members: readonly Member[] };

type Member = readonly [key: string, value: Written];

/** Steps to a place: positions of members and items. */
export type Place = readonly number[];

export function written(value: unknown): Written {
  if (isArray(value)) return { type: 'array', items: value.map(written) };
  if (isJsonObject(value)) {
    return { type: 'object', members: Object.entries(value).map(([key, item]) => [key, written(item)]) };
  }
  return { type: 'scalar', text: JSON.stringify(value) };
}

export function textOf(node: Written): string {
  switch (node.type) {
    case 'scalar':
      return node.text;
    case 'array':
      return `[${node.items.map(textOf).join(',')}]`;
    case 'object':
      return `{${node.members.map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join(',')}}`;
  }
}

/** Every place below the top but those under a key of that name. */
export function placesIn(node: Written, spared: ReadonlySet<string>): readonly Place[] {
  return childrenOf(node).flatMap(([key, child], index) =>
    key !== undefined && spared.has(key)
      ? []
      : [[index], ...placesIn(child, spared).map((place) => [index, ...place])],
  );
}

/** What takes the place of a value: nothing, one value, or several (with the same key in an object). */
export type Change = (value: Written) => readonly Written[];

/** A copy with what stands at a place changed. */
export function changedAt(node: Written, place: Place, change: Change): Written {
  const [index, ...rest] = place;
  if (index === undefined) return node;
  const at = (child: Written): readonly Written[] =>
    rest.length === 0 ? change(child) : [changedAt(child, rest, change)];
  switch (node.type) {
    case 'scalar':
      return node;
    case 'array':
      return { ...node, items: node.items.flatMap((item, turn) => (turn === index ? at(item) : [item])) };
    case 'object':
      return {
        ...node,
        members: node.members.flatMap(([key, value], turn): readonly Member[] =>
          turn === index ? at(value).map((changed): Member => [key, changed]) : [[key, value]],
        ),
      };
  }
}

function childrenOf(node: Written): readonly (readonly [key: string | undefined, child: Written])[] {
  switch (node.type) {
    case 'scalar':
      return [];
    case 'array':
      return node.items.map((item) => [undefined, item] as const);
    case 'object':
      return node.members;
  }
}
