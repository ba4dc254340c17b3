/**
 * What rules remember of users and groups, on the admin listener: `/labels/NAME/ID` and `/strikes/LADDER/ID`.
 *
 * Pages of other sites can send nothing that changes something here: no PUT and no DELETE without our leave.
 */
import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { labelOf, ladderOf, type StateScope, type SubjectMemory } from '../engine/memory.js';
import { hintFor } from '../engine/nearest.js';
import type { LabelCommand, StateCommand, StateStore } from '../engine/state.js';
import { labelCommand, strikesCommand, type Subject } from '../engine/subject.js';
import { answerJson, demandMethod, jsonOf, piecesBelow, Refusal } from './admin-json.js';
import { askStore } from './by-hand/ask-store.js';
import { readSubject, typeOf } from './by-hand/subject-query.js';
import { findTurningPoint } from './by-hand/turning-point.js';
import { readGift, readWho } from './by-hand/who.js';

export interface StatePagesParts {
  /** Asked without a stand-in; `undefined` while the gate starts or stops. */
  readonly store: () => StateStore | undefined;
  /** Ladders and labels of the rules in force; `undefined` when there are none. */
  readonly memory: () => SubjectMemory | undefined;
  /** IDs of the configured apps. */
  readonly apps: () => readonly string[];
  /** Gets a line for each change: who, what, from where. */
  readonly logger: Logger;
}

const LABEL_METHODS = ['GET', 'HEAD', 'PUT', 'DELETE'];
const STRIKES_METHODS = ['GET', 'HEAD'];

export function createStatePages({ store, memory, apps, logger }: StatePagesParts): Middleware {
  const ask = (commands: readonly StateCommand[]): Promise<readonly number[]> => askStore(store(), commands);

  function inForce(): SubjectMemory {
    const found = memory();
    if (found === undefined) throw new Refusal(503, 'No rules are in force yet. Try again.');
    return found;
  }

  async function label(ctx: Context, name: string, id: string): Promise<unknown> {
    demandMethod(ctx, LABEL_METHODS);
    const known = inForce();
    demandName('label', name, known.labels);
    const { scope } = labelOf(known, name);
    const subject = readSubject([id], ctx.query, { apps: apps(), scope, by: ['actor.id'] });
    const about = { label: name, ...describeSubject(subject, scope) };
    const now = Date.now();
    const command = (effect: LabelCommand['effect'], at = now, until = 0): LabelCommand =>
      labelCommand(known, name, subject, { effect, at, until });
    const audit = (what: string, more: Readonly<Record<string, unknown>>): void => {
      const from = ctx.req.socket.remoteAddress;
      logger.info({ audit: what, ...about, from, ...more }, `label changed by hand: ${what}`);
    };

    switch (ctx.method) {
      case 'PUT': {
        const { length, who } = readGift(await jsonOf(ctx));
        const until = isoTime(now + length);
        // A mark is never set to go earlier than it would: the one that is there makes room.
        await ask([command('clear'), command('set', now, now + length)]);
        audit('give', { until, ...who });
        return { ...about, isSet: true, until };
      }
      case 'DELETE': {
        const who = readWho(ctx.query);
        const [before] = await ask([command('read'), command('clear')]);
        const wasSet = before === 1;
        if (wasSet) audit('remove', { ...who });
        return { ...about, isSet: false, until: null, wasSet };
      }
      default: {
        const { told, until } = await findTurningPoint(ask, (at) => command('read', at), now);
        return { ...about, isSet: told === 1, until: isoTime(until) };
      }
    }
  }

  async function strikes(ctx: Context, ladder: string, ids: readonly string[]): Promise<unknown> {
    demandMethod(ctx, STRIKES_METHODS);
    const known = inForce();
    demandName('ladder', ladder, known.ladders);
    const { scope, by, decay } = ladderOf(known, ladder);
    const subject = readSubject(ids, ctx.query, { apps: apps(), scope, by });
    const readAt = (at: number): StateCommand =>
      strikesCommand(known, ladder, subject, { effect: 'read', at, member: '' });
    const { told, until } = await findTurningPoint(ask, readAt, Date.now());
    return {
      ladder,
      ...describeSubject(subject, scope),
      strikes: told,
      decayMs: decay,
      nextDecayAt: isoTime(until),
    };
  }

  function workOf(ctx: Context): (() => Promise<unknown>) | undefined {
    const [name, id, other] = piecesBelow('labels', ctx.path) ?? [];
    if (name !== undefined && id !== undefined && other === undefined) return () => label(ctx, name, id);
    const [ladder, ...ids] = piecesBelow('strikes', ctx.path) ?? [];
    if (ladder !== undefined && ids.length > 0) return () => strikes(ctx, ladder, ids);
    return undefined;
  }

  return async (ctx, next) => {
    const work = workOf(ctx);
    if (work === undefined) await next();
    else await answerJson(ctx, work, { about: 'labels and strikes', logger });
  };
}

/** @throws Refusal for a name that no rule would look at */
function demandName(what: 'label' | 'ladder', name: string, known: ReadonlyMap<string, unknown>): void {
  if (known.has(name)) return;
  const hint = known.size === 0 ? `The rules have no ${what}s.` : hintFor(name, [...known.keys()]);
  throw new Refusal(404, `There is no ${what} \`${name}\` in the rules. ${hint}`);
}

function describeSubject({ app, by, values }: Subject, scope: StateScope): Readonly<Record<string, unknown>> {
  return {
    id: values.length === 1 ? values[0] : values,
    type: typeOf(by),
    app: scope === 'all' ? null : app,
  };
}

function isoTime(moment: number | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}
