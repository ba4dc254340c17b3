/** Keeps state in Redis: one script call for all commands of a callback, or one for each slot of a Cluster. */
import type { StateAnswer, StateStore } from '../../engine/state.js';
import { itemsOf } from './items.js';
import type { Redis, RedisReply } from './redis.js';
import { SCRIPT, SCRIPT_ID, toScriptCall, type ScriptCall } from './script.js';
import { slotOf } from './slot.js';
import { OverdueError } from './within.js';

/** A part of a Cluster cannot be asked: commands without a result were not carried out. */
export class PartialAnswerError extends Error {
  readonly results: readonly (number | undefined)[];

  constructor(results: readonly (number | undefined)[], cause: unknown) {
    super('only a part of the state could be asked', { cause });
    this.name = 'PartialAnswerError';
    this.results = results;
  }
}

/** Commands of one script call, each with its place among all. */
interface Group {
  readonly calls: ScriptCall[];
  readonly places: number[];
}

/** `run` rejects with {@link PartialAnswerError} where a part of a Cluster could not be asked. */
export function createRedisStateStore(redis: Redis): StateStore {
  const { prefix, mode } = redis.settings;
  const groupOf = mode === 'cluster' ? slotOf : () => 0;

  return {
    async run(commands) {
      const groups = group(
        commands.map((command) => toScriptCall(prefix, command)),
        groupOf,
      );
      const outcomes = await Promise.allSettled(groups.map(({ calls }) => call(redis, calls)));
      const isRestThere = mode === 'cluster' && redis.status().connected;
      return gather(commands.length, groups, outcomes, isRestThere);
    },
  };
}

function group(calls: readonly ScriptCall[], groupOf: (key: string) => number): readonly Group[] {
  const groups = new Map<number, Group>();
  for (const [place, each] of calls.entries()) {
    const id = groupOf(each.keys[0] ?? '');
    const known = groups.get(id) ?? { calls: [], places: [] };
    known.calls.push(each);
    known.places.push(place);
    groups.set(id, known);
  }
  return [...groups.values()];
}

function gather(
  size: number,
  groups: readonly Group[],
  outcomes: readonly PromiseSettledResult<readonly number[]>[],
  isRestThere: boolean,
): StateAnswer {
  const results: (number | undefined)[] = new Array<undefined>(size).fill(undefined);
  let failure: { readonly reason: unknown } | undefined;
  for (const [index, { places }] of groups.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'fulfilled') {
      for (const [at, place] of places.entries()) results[place] = outcome.value[at];
    } else {
      failure = { reason: outcome?.reason };
    }
  }
  const known = results.filter((result) => result !== undefined);
  if (failure !== undefined) {
    const isOneNode = isRestThere && !(failure.reason instanceof OverdueError);
    if (known.length > 0 || isOneNode) throw new PartialAnswerError(results, failure.reason);
    throw failure.reason instanceof Error ? failure.reason : new Error(String(failure.reason));
  }
  return { results: known, isLocal: false };
}

/** @throws Error when it cannot be carried out, wholly; also as what `Redis.send` rejects with */
async function call(redis: Redis, calls: readonly ScriptCall[]): Promise<readonly number[]> {
  const keys = calls.flatMap((each) => each.keys);
  const rest = [String(keys.length), ...keys, ...calls.flatMap((each) => each.args)];
  const first = keys[0] ?? null;
  let reply: RedisReply;
  try {
    reply = await redis.send(first, ['EVALSHA', SCRIPT_ID, ...rest]);
  } catch (error) {
    // A server that was started anew, or is asked for the first time, does not know the script yet.
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    reply = await redis.send(first, ['EVAL', SCRIPT, ...rest]);
  }
  return readResults(reply, calls.length);
}

function readResults(reply: RedisReply, size: number): readonly number[] {
  const numbers = itemsOf(reply).filter((each) => typeof each === 'number');
  if (numbers.length !== size) throw new Error(`${size} results were due, and ${numbers.length} came`);
  return numbers;
}
