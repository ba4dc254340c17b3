/** Reads single facts where a catalog says that they sit. */
import { factDefinition, type FactName, type FactValue } from '../engine/facts.js';
import { IDENTITIES, type Source } from './catalog.js';
import { BY_TYPE, type CodecFunction } from './codecs.js';
import { compilePath, FieldError, isArray, isJsonObject, member } from './path.js';

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

export interface SourceReader {
  readonly fact: FactName;
  readonly field: string;
  readonly isRequired: boolean;
  /** @throws UnreadableBody when the field is required and missing, FieldError when it has a wrong type */
  read(root: unknown): FactValue | undefined;
}

/**
 * Values in the order of the readers.
 *
 * @throws UnreadableBody
 */
export function readAll(readers: readonly SourceReader[], root: unknown): readonly (FactValue | undefined)[] {
  const values: (FactValue | undefined)[] = [];
  let field = '';
  try {
    for (const reader of readers) {
      field = reader.field;
      values.push(reader.read(root));
    }
  } catch (error) {
    throw asUnreadable(field, error);
  }
  return values;
}

/** What a field of a wrong type makes of the body; any other error as it is. */
export function asUnreadable(field: string, error: unknown): unknown {
  return error instanceof FieldError ? new UnreadableBody('bad-field', field, error.message) : error;
}

/**
 * Compiles the source of a fact.
 *
 * @param skip characters of the path that lead to the root that the reader will get
 * @throws Error on a codec that does not exist: a mistake in the table
 */
export function compileSource<C extends string>(
  fact: FactName,
  source: Source<C>,
  codecs: Readonly<Record<string, CodecFunction>>,
  skip: number,
): SourceReader {
  if (typeof source === 'object' && 'constant' in source) {
    return { fact, field: fact, isRequired: false, read: () => source.constant };
  }
  const spec = typeof source === 'string' ? { path: source } : source;
  const isOptional = spec.path.endsWith('?');
  const field = isOptional ? spec.path.slice(0, -1) : spec.path;
  const isRequired = !isOptional && IDENTITIES.has(fact);
  const find = finderOf(field, skip, spec.tag);
  const decode = decoderOf(fact, spec, codecs);
  const isId = fact.endsWith('.id') || fact.endsWith('Id');
  return {
    fact,
    field,
    isRequired,
    read(root) {
      const value = find(root);
      if (value === undefined) {
        if (isRequired) throw new UnreadableBody('missing-field', field, 'is missing');
        return undefined;
      }
      const decoded = decode(value);
      // An empty ID is the wire's way to say that there is none.
      return decoded === '' && isId ? undefined : decoded;
    },
  };
}

function finderOf(field: string, skip: number, tag: string | undefined): (root: unknown) => unknown {
  const ways = field.split('|').map((path) => compilePath(path.slice(skip).replace(/^\./, '')));
  const [only, ...others] = ways;
  const find =
    only !== undefined && others.length === 0
      ? only
      : (root: unknown) => ways.map((way) => way(root)).find((value) => value !== undefined);
  return tag === undefined ? find : (root) => taggedValue(find(root), tag);
}

function decoderOf(
  fact: FactName,
  { codec, words }: { readonly codec?: string; readonly words?: Readonly<Record<string, string>> },
  codecs: Readonly<Record<string, CodecFunction>>,
): CodecFunction {
  const decode = codec === undefined ? BY_TYPE[factDefinition(fact).type] : codecs[codec];
  if (decode === undefined) throw new Error(`no codec "${codec ?? ''}" (fact ${fact})`);
  return words === undefined ? decode : (value) => translate(value, words);
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
