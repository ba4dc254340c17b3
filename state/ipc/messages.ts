/**
 * What two processes say to each other about state, as JSON: it is read several times as fast as what
 * `process.send` makes of objects. Both run the same build, so nothing is checked.
 */
import type { StateAnswer, StateCommand } from '../../engine/state.js';

/** Runs of commands, each for itself, under a number. */
export type Request = readonly [id: number, runs: readonly (readonly StateCommand[])[]];

/** What became of a run: an answer, or why there is none. */
export type Turn = StateAnswer | string;

/** What became of the runs of the request with this number, in their order. */
export type Reply = readonly [id: number, turns: readonly Turn[]];

export function readRequest(text: string): Request {
  return JSON.parse(text) as Request;
}

export function readReply(text: string): Reply {
  return JSON.parse(text) as Reply;
}
