/**
 * Live lists on the admin listener: `/lists`, `/lists/NAME`, `/lists/NAME/entries` and `/lists/NAME/entries/VALUE`.
 *
 * A page of another site can make a browser send requests here, but not with JSON as their type, and no DELETE,
 * unless we said that it may (CORS), which we never do.
 */
import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { hintFor } from '../engine/nearest.js';
import { ListFull } from '../state/lists/book.js';
import { ListStoreError, type LiveListStore } from '../state/lists/store.js';
import { answerJson, demandMethod, jsonOf, piecesBelow, Refusal } from './admin-json.js';
import { BadRequest } from './json-body.js';
import { describeEntry, readUnwanted, readWantedEntries } from './lists/entry-json.js';
import { describeList, listsOf } from './lists/lists-status.js';

export interface ListPagesParts {
  readonly store: LiveListStore;
  /** Names of the live lists that the rules in force have. */
  readonly declared: () => readonly string[];
  /** Gets a line for each change: who, what, from where. */
  readonly logger: Logger;
}

type Route = 'lists' | 'list' | 'entries' | 'entry';

const METHODS: Readonly<Record<Route, readonly string[]>> = {
  lists: ['GET', 'HEAD'],
  list: ['GET', 'HEAD'],
  entries: ['GET', 'HEAD', 'POST', 'DELETE'],
  entry: ['GET', 'HEAD', 'DELETE'],
};

const PAGE = { usual: 100, most: 1000 };
/** Values that a line of the log names. */
const MOST_LOGGED = 20;

export function createListPages({ store, declared, logger }: ListPagesParts): Middleware {
  function nameOf(name: string): string {
    const known = listsOf(store, declared()).map((list) => list.name);
    if (known.includes(name)) return name;
    const hint =
      known.length === 0
        ? 'No rule file declares one: `lists: { NAME: { live: true } }`.'
        : hintFor(name, known);
    throw new Refusal(404, `There is no live list \`${name}\`. ${hint}`);
  }

  function pageOf(name: string, ctx: Context): unknown {
    const { limit, cursor } = ctx.query;
    const number = limit === undefined ? PAGE.usual : Number(limit);
    if (!Number.isInteger(number) || number < 1 || number > PAGE.most) {
      throw new BadRequest(`\`limit\` must be a number from 1 to ${PAGE.most}`);
    }
    if (typeof cursor === 'object') throw new BadRequest('`cursor` is there twice');
    const { entries, next } = store.reader.page(name, number, cursor);
    return {
      ...describeList(store.reader.summary(name), declared()),
      page: entries.map(describeEntry),
      ...(next !== undefined && { cursor: next }),
    };
  }

  function audit(ctx: Context, what: string, list: string, more: Readonly<Record<string, unknown>>): void {
    const from = ctx.req.socket.remoteAddress;
    logger.info({ audit: what, list, from, ...more }, `live list changed: ${what}`);
  }

  async function add(name: string, ctx: Context): Promise<unknown> {
    const entries = readWantedEntries(await jsonOf(ctx), Date.now());
    if (isDryRun(ctx)) return countsOf(store.reader.planAdd(name, entries));
    const outcomes = await store.add(name, entries);
    const changed = entries.filter((_, index) => outcomes[index] !== 'unchanged');
    if (changed.length > 0) {
      const [{ owner, reason } = {}] = changed;
      audit(ctx, 'add', name, { owner, reason, ...logged(changed.map(({ value }) => value)) });
    }
    return countsOf(outcomes);
  }

  async function remove(
    name: string,
    ctx: Context,
    { values, owner }: ReturnType<typeof readUnwanted>,
  ): Promise<unknown> {
    if (isDryRun(ctx)) return countsOf(store.reader.planRemove(name, values));
    const outcomes = await store.remove(name, values);
    const gone = values.filter((_, index) => outcomes[index] === 'removed');
    if (gone.length > 0) audit(ctx, 'remove', name, { owner, ...logged(gone) });
    return countsOf(outcomes);
  }

  async function answer(ctx: Context, [list, , value]: readonly string[], route: Route): Promise<unknown> {
    demandMethod(ctx, METHODS[route]);
    if (list === undefined) {
      const lists = listsOf(store, declared()).map((one) => describeList(one, declared()));
      return { ...store.status(), lists };
    }
    const name = nameOf(list);
    if (ctx.method === 'POST') return add(name, ctx);
    if (ctx.method === 'DELETE') {
      const unwanted =
        value === undefined ? readUnwanted(await jsonOf(ctx)) : readUnwanted({ value, owner: ownerIn(ctx) });
      return remove(name, ctx, unwanted);
    }
    if (value === undefined) return pageOf(name, ctx);
    const entry = store.reader.get(name, value);
    if (entry === undefined) throw new Refusal(404, `\`${value}\` is not in the list \`${name}\`.`);
    return describeEntry(entry);
  }

  return async (ctx, next) => {
    const pieces = piecesBelow('lists', ctx.path);
    const route = pieces && routeOf(pieces);
    if (pieces === undefined || route === undefined) await next();
    else await answerJson(ctx, () => answer(ctx, pieces, route), { about: 'live lists', logger, refusalOf });
  };
}

function routeOf(parts: readonly string[]): Route | undefined {
  const isBelow = parts.length <= 1 || parts[1] === 'entries';
  return isBelow ? (['lists', 'list', 'entries', 'entry'] as const)[parts.length] : undefined;
}

function isDryRun({ query }: Context): boolean {
  const { dryRun } = query;
  if (dryRun === undefined || dryRun === 'false') return false;
  if (dryRun === 'true') return true;
  throw new BadRequest('`dryRun` must be true or false');
}

function ownerIn({ query: { owner } }: Context): string | undefined {
  return typeof owner === 'string' ? owner : undefined;
}

/** How many entries came to what, and each of them in the order of the request. */
function countsOf(outcomes: readonly string[]): Readonly<Record<string, unknown>> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return { ...counts, outcomes };
}

function logged(values: readonly string[]): Readonly<Record<string, unknown>> {
  return { entries: values.length, values: values.slice(0, MOST_LOGGED) };
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof ListFull) return new Refusal(409, `${error.message}.`);
  if (error instanceof ListStoreError) return new Refusal(503, `${error.message}.`);
  return undefined;
}
