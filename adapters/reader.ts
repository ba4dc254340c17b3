/** The interpreter of catalog rows: reads the facts of a body, target by target. */
import { factDefinition, type FactName, type FactValue } from '../engine/facts.js';
import type { Event, SyncFactSource, Target } from '../engine/event.js';
import type { JsonObject } from './adapter.js';
import { IDENTITIES, type Row, type Source } from './catalog.js';
import { BY_TYPE, type CodecFunction } from './codecs.js';
import { FieldError, isArray, isJsonObject, member, parsePath, valueAt } from './path.js';

/** A body that a row cannot be read from. */
export class UnreadableBody extends Error {
  override name = 'UnreadableBody';
  constructor(
    readonly failure: 'missing-field' | 'bad-field',
    readonly field: string,
    detail: string,
  ) {
    super(`${field}: ${detail}`);
  }
}

/** Reads bodies of one command. */
export interface RowReader {
  /**
   * @param body the callback's body
   * @param envelope facts known from outside the body; the body's own win
   * @param content facts of the message content, when the row has one
   * @throws UnreadableBody
   */
  read(body: JsonObject, envelope: ReadonlyMap<FactName, FactValue>, content?: SyncFactSource): Event;
  /** IDs of the targets as far as they can be read; for a body that is otherwise unreadable. */
  targetIds(body: JsonObject): readonly string[];
}

interface FactReader {
  readonly fact: FactName;
  readonly field: string;
  readonly isRequired: boolean;
  read(root: unknown): FactValue | undefined;
}

/** Compiles a row once. @throws Error on a codec that does not exist: a mistake in the table. */
export function compileRow<C extends string>(
  row: Row<C, unknown>,
  codecs: Readonly<Record<string, CodecFunction>>,
): RowReader {
  const prefix = row.each === undefined ? undefined : `${row.each}[]`;
  const eventReaders: FactReader[] = [];
  const itemReaders: FactReader[] = [];
  for (const [fact, source] of Object.entries(row.facts) as [FactName, Source<C>][]) {
    const path = typeof source === 'string' ? source : 'path' in source ? source.path : undefined;
    const isOfItem = prefix !== undefined && path?.startsWith(prefix) === true;
    (isOfItem ? itemReaders : eventReaders).push(
      factReader(fact, source, codecs, isOfItem ? prefix.length : 0),
    );
  }
  const eachSteps = row.each === undefined ? undefined : parsePath(row.each);

  function items(body: JsonObject): readonly unknown[] {
    if (eachSteps === undefined || row.each === undefined) return [];
    const { each } = row;
    const list = guard(each, () => valueAt(body, eachSteps));
    if (list === undefined) {
      // Go writes an empty list as null, so null is a list; only a key that is not there is a mistake.
      if (itemReaders.some(({ isRequired }) => isRequired) && !Object.hasOwn(body, each)) {
        throw new UnreadableBody('missing-field', each, 'is missing');
      }
      return [];
    }
    if (!isArray(list))
      throw new UnreadableBody('bad-field', row.each, new FieldError('an array', list).message);
    return list;
  }

  return {
    read(body, envelope, content) {
      const own = readAll(eventReaders, body);
      const targets = items(body).map((item) => readAll(itemReaders, item));
      const first = targets[0];
      const ids = targets.map((facts) => idOf(facts));
      const single = own.get('target.id');
      const allIds =
        ids.length > 0 ? ids.filter((id) => id !== '') : typeof single === 'string' ? [single] : [];
      const known = new Map(envelope);
      known.set('event.kind', row.kind).set('event.stage', row.stage).set('command', row.command);
      if (allIds.length > 0) known.set('target.ids', allIds);
      const shared = layered(merged(known, own), content);
      return {
        kind: row.kind,
        stage: row.stage,
        // A target that lacks a field must not see the first target's instead, so only the event does.
        facts: first === undefined ? shared : layered(merged(merged(known, first), own), content),
        targets: targets.map((own, index): Target => ({ id: ids[index] ?? '', facts: layered(own, shared) })),
      };
    },
    targetIds(body) {
      const reader = itemReaders.find(({ fact }) => fact === 'target.id');
      if (reader === undefined) return [];
      const idOfItem = (item: unknown): readonly string[] => {
        const id = reader.read(item);
        return typeof id === 'string' ? [id] : [];
      };
      return orNothing(() => items(body).flatMap((item) => orNothing(() => idOfItem(item))));
    },
  };
}

type Facts = ReadonlyMap<FactName, FactValue>;

/** Both; the second wins. */
function merged(first: Facts, second: Facts): Facts {
  const facts = new Map(first);
  for (const [name, value] of second) facts.set(name, value);
  return facts;
}

function orNothing(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}

function idOf(facts: ReadonlyMap<FactName, FactValue>): string {
  const id = facts.get('target.id');
  return typeof id === 'string' ? id : '';
}

function layered(top: ReadonlyMap<FactName, FactValue>, below: SyncFactSource | undefined): SyncFactSource {
  return below === undefined ? top : { get: (name) => top.get(name) ?? below.get(name) };
}

function readAll(readers: readonly FactReader[], root: unknown): Map<FactName, FactValue> {
  const facts = new Map<FactName, FactValue>();
  for (const reader of readers) {
    const value = guard(reader.field, () => reader.read(root));
    if (value !== undefined) facts.set(reader.fact, value);
  }
  return facts;
}

function guard<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FieldError) throw new UnreadableBody('bad-field', field, error.message);
    throw error;
  }
}

function factReader<C extends string>(
  fact: FactName,
  source: Source<C>,
  codecs: Readonly<Record<string, CodecFunction>>,
  skip: number,
): FactReader {
  if (typeof source === 'object' && 'constant' in source) {
    return { fact, field: fact, isRequired: false, read: () => source.constant };
  }
  const spec = typeof source === 'string' ? { path: source } : source;
  const isOptional = spec.path.endsWith('?');
  const field = isOptional ? spec.path.slice(0, -1) : spec.path;
  const ways = field.split('|').map((path) => parsePath(path.slice(skip).replace(/^\./, '')));
  const decode = spec.codec === undefined ? BY_TYPE[factDefinition(fact).type] : codecs[spec.codec];
  if (decode === undefined) throw new Error(`no codec "${spec.codec}" (fact ${fact})`);
  const { words, tag } = spec;
  const isRequired = !isOptional && IDENTITIES.has(fact);
  return {
    fact,
    field,
    isRequired,
    read(root) {
      const found = ways.map((steps) => valueAt(root, steps)).find((value) => value !== undefined);
      const value = tag === undefined ? found : taggedValue(found, tag);
      if (value === undefined) {
        if (isRequired) throw new UnreadableBody('missing-field', field, 'is missing');
        return undefined;
      }
      const decoded = words === undefined ? decode(value) : translate(value, words);
      return decoded === '' && isId(fact) ? undefined : decoded;
    },
  };
}

/** An empty ID is the wire's way to say that there is none. */
function isId(fact: FactName): boolean {
  return fact.endsWith('.id') || fact.endsWith('Id');
}

function translate(value: unknown, words: Readonly<Record<string, string>>): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new FieldError('a word or number', value);
  const word = String(value);
  return Object.hasOwn(words, word) ? (words[word] ?? word) : word;
}

function taggedValue(records: unknown, tag: string): unknown {
  if (records === undefined) return undefined;
  if (!isArray(records)) throw new FieldError('an array', records);
  const record = records.find((item) => isJsonObject(item) && member(item, 'Tag') === tag);
  return isJsonObject(record) ? (member(record, 'Value') ?? undefined) : undefined;
}
