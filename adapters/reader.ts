/** The interpreter of catalog rows: reads the facts of a body, target by target. */
import type { FactName, FactValue } from '../engine/facts.js';
import type { Event, SyncFactSource, Target } from '../engine/event.js';
import type { JsonObject } from './adapter.js';
import type { Row, Source } from './catalog.js';
import type { CodecFunction } from './codecs.js';
import { LayeredFacts, OuterFacts, type Places } from './layered-facts.js';
import { occurrenceOf } from './occurrence.js';
import { compilePath, FieldError, isArray } from './path.js';
import { asUnreadable, compileSource, readAll, UnreadableBody, type SourceReader } from './source-reader.js';

export { UnreadableBody };

/** Reads bodies of one command. */
export interface RowReader {
  /**
   * @param body the callback's body
   * @param envelope facts known from outside the body; the body's own win
   * @param content facts of the message content, when the row has one
   * @throws UnreadableBody
   */
  read(body: JsonObject, envelope: SyncFactSource, content?: SyncFactSource): Event;
  /** IDs of the targets as far as they can be read; for a body that is otherwise unreadable. */
  targetIds(body: JsonObject): readonly string[];
}

/** Compiles a row once. @throws Error on a codec that does not exist: a mistake in the table. */
export function compileRow<C extends string>(
  row: Row<C, unknown>,
  codecs: Readonly<Record<string, CodecFunction>>,
): RowReader {
  const prefix = row.each === undefined ? undefined : `${row.each}[]`;
  const eventReaders: SourceReader[] = [];
  const itemReaders: SourceReader[] = [];
  for (const [fact, source] of Object.entries(row.facts) as [FactName, Source<C>][]) {
    const path = typeof source === 'string' ? source : 'path' in source ? source.path : undefined;
    const isOfItem = prefix !== undefined && path?.startsWith(prefix) === true;
    (isOfItem ? itemReaders : eventReaders).push(
      compileSource(fact, source, codecs, isOfItem ? prefix.length : 0),
    );
  }
  const [eventPlaces, itemPlaces] = [placesOf(eventReaders), placesOf(itemReaders)];
  const itemsOf = compileItems(row.each, itemReaders);

  return {
    read(body, envelope, content) {
      const own = readAll(eventReaders, body);
      const items = itemsOf(body).map((item) => readAll(itemReaders, item));
      const ids = items.map((values) => textAt(itemPlaces, values, 'target.id'));
      const single = textAt(eventPlaces, own, 'target.id');
      const outer = new OuterFacts(row, idsOf(ids, single), envelope, content);
      const shared = new LayeredFacts(eventPlaces, own, outer);
      const [first] = items;
      return {
        kind: row.kind,
        stage: row.stage,
        // A target that lacks a field must not see the first target's instead, so only the event does.
        facts:
          first === undefined
            ? shared
            : new LayeredFacts(eventPlaces, own, new LayeredFacts(itemPlaces, first, outer)),
        targets: items.map((values, index): Target => ({
          id: ids[index] ?? '',
          facts: new LayeredFacts(itemPlaces, values, shared),
        })),
        occurrence: () => occurrenceOf(row.kind, shared, body),
      };
    },
    targetIds(body) {
      const reader = itemReaders.find(({ fact }) => fact === 'target.id');
      if (reader === undefined) return [];
      const idOfItem = (item: unknown): readonly string[] => {
        const id = reader.read(item);
        return typeof id === 'string' ? [id] : [];
      };
      return orNothing(() => itemsOf(body).flatMap((item) => orNothing(() => idOfItem(item))));
    },
  };
}

const NOTHING: readonly never[] = [];

/** Makes the function that finds the targets in a body. */
function compileItems(
  each: string | undefined,
  readers: readonly SourceReader[],
): (body: JsonObject) => readonly unknown[] {
  if (each === undefined) return () => NOTHING;
  const find = compilePath(each);
  const isNeeded = readers.some(({ isRequired }) => isRequired);
  return (body) => {
    let list: unknown;
    try {
      list = find(body);
    } catch (error) {
      throw asUnreadable(each, error);
    }
    if (list === undefined) {
      // Go writes an empty list as null, so null is a list; only a key that is not there is a mistake.
      if (isNeeded && !Object.hasOwn(body, each)) {
        throw new UnreadableBody('missing-field', each, 'is missing');
      }
      return NOTHING;
    }
    if (!isArray(list)) throw new UnreadableBody('bad-field', each, new FieldError('an array', list).message);
    return list;
  };
}

function placesOf(readers: readonly SourceReader[]): Places {
  return new Map(readers.map(({ fact }, place) => [fact, place]));
}

/** A text among values; empty when there is none. */
function textAt(places: Places, values: readonly (FactValue | undefined)[], fact: FactName): string {
  const value = values[places.get(fact) ?? -1];
  return typeof value === 'string' ? value : '';
}

/** The IDs of all targets, or that of the only one. */
function idsOf(ids: readonly string[], single: string): readonly string[] {
  if (ids.length > 0) return ids.filter((id) => id !== '');
  return single === '' ? NOTHING : [single];
}

function orNothing(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return NOTHING;
  }
}
