/** Compares JSON bodies with the catalog, field by field. */
import type { JsonObject } from '../../adapters/adapter.js';
import { isArray, isJsonObject } from '../../adapters/path.js';
import type { CommandSpec, ReplyField } from './catalog.js';

const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isInt32 = (value: unknown): boolean =>
  isInteger(value) && value >= -2_147_483_648 && value <= 2_147_483_647;
const isString = (value: unknown): boolean => typeof value === 'string';

/** Whether a value has a type of the catalogs. Elements of `array<object>` are looked at by path. */
const HAS_TYPE: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: isString,
  boolean: (value) => typeof value === 'boolean',
  integer: isInteger,
  'integer|string': (value) => isInteger(value) || isString(value),
  int32: isInt32,
  int64: isInteger,
  uint32: (value) => isInteger(value) && value >= 0 && value <= 4_294_967_295,
  object: isJsonObject,
  'array<object>': (value) => isArray(value) && value.every(isJsonObject),
  'array<string>': (value) => isArray(value) && value.every(isString),
  'array<int64>': (value) => isArray(value) && value.every(isInteger),
  'map<boolean>': (value) =>
    isJsonObject(value) && Object.values(value).every((item) => typeof item === 'boolean'),
};

/** Whether a JSON value has a type of the catalogs. */
export function hasType(type: string, value: unknown): boolean {
  const test = HAS_TYPE[type];
  if (test === undefined) throw new Error(`the catalog has an unknown type: ${type}`);
  return test(value);
}

/** A copy with every value at a path replaced; the same JSON when the path leads nowhere. */
export function replaced(root: unknown, path: readonly string[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const isList = step.endsWith('[]');
  const key = isList ? step.slice(0, -2) : step;
  if (!isJsonObject(root)) return root;
  const next = root[key];
  if (isList) {
    return isArray(next) ? { ...root, [key]: next.map((item) => replaced(item, rest, value)) } : root;
  }
  return { ...root, [key]: replaced(next, rest, value) };
}

/** A field of the catalog as this comparison sees it. */
interface Field {
  readonly type: string;
  readonly nullable?: boolean;
  readonly required?: boolean;
}

function objectProblems(
  value: JsonObject,
  prefix: string,
  fields: Readonly<Record<string, Field>>,
): readonly string[] {
  const found = Object.entries(value).flatMap(([key, item]) => {
    const path = `${prefix}${key}`;
    const field = fields[path];
    if (field === undefined) return [`${path}: no such field`];
    if (item === null && field.nullable === true) return [];
    if (!hasType(field.type, item)) return [`${path}: ${JSON.stringify(item)} is no ${field.type}`];
    return nestedProblems(item, path, fields);
  });
  const missing = Object.entries(fields)
    .filter(([path, { required }]) => required === true && isDirectChild(path, prefix))
    .filter(([path]) => !Object.hasOwn(value, path.slice(prefix.length)))
    .map(([path]) => `${path}: is missing`);
  return [...found, ...missing];
}

function isDirectChild(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && !/[.[]/.test(path.slice(prefix.length));
}

/** Objects whose members the catalog does not list, such as `MsgContent`, are not looked into. */
function nestedProblems(
  value: unknown,
  path: string,
  fields: Readonly<Record<string, Field>>,
): readonly string[] {
  const prefix = isArray(value) ? `${path}[].` : `${path}.`;
  if (!Object.keys(fields).some((name) => name.startsWith(prefix))) return [];
  const objects = (isArray(value) ? value : [value]).filter(isJsonObject);
  return objects.flatMap((item) => objectProblems(item, prefix, fields));
}

/** What is wrong with a request body by the catalog; keeps the fixtures honest. */
export function requestProblems(spec: CommandSpec, body: JsonObject): readonly string[] {
  const nullable = new Set(spec.nullable);
  const fields = Object.fromEntries(
    Object.entries(spec.request).map(([path, type]) => [path, { type, nullable: nullable.has(path) }]),
  );
  return objectProblems(body, '', fields);
}

/** Circumstances in which a reply was given. */
export interface ReplyContext {
  readonly spec: CommandSpec;
  /** The reply's fields; differ from those of `spec` where an app speaks another dialect. */
  readonly fields: Readonly<Record<string, ReplyField>>;
  readonly request: JsonObject;
}

/** What is wrong with a reply, whatever it says: fields, types, and what must never be sent. */
export function replyProblems({ spec, fields, request }: ReplyContext, reply: JsonObject): readonly string[] {
  const names = Object.keys(reply);
  const ignored = names.filter((name) => fields[name]?.effect === 'ignored');
  const isEmpty = (value: unknown): boolean => isArray(value) && value.length === 0;
  const empty = names.filter(
    (name) => fields[name]?.effect === 'appliedIfNonEmpty' && isEmpty(reply[name]) && !isEmpty(request[name]),
  );
  const crashing = names.filter(
    (name) =>
      spec.mustNotSend?.includes(name) === true ||
      (spec.onlyWhenRequested?.includes(name) === true && (request[name] ?? null) === null),
  );
  // Both platforms leave a field alone that is null, so an echo may be null where the request is.
  const isEchoedNull = (name: string): boolean => reply[name] === null && request[name] === null;
  const stated = names.filter((name) => fields[name] === undefined || !isEchoedNull(name));
  return [
    ...objectProblems(Object.fromEntries(stated.map((name) => [name, reply[name]])), '', fields),
    ...ignored.map((name) => `${name}: is ignored by the platform, so it is not sent`),
    ...empty.map((name) => `${name}: an empty list changes nothing`),
    ...crashing.map((name) => `${name}: crashes the platform`),
  ];
}
