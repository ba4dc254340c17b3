/** What people say about labels that they give and take. */
import { parseDuration } from '../../engine/duration.js';
import { isRecord } from '../../store/data.js';
import { BadRequest } from '../json-body.js';
import { readDetail, refuseOthers } from '../lists/entry-json.js';

/** Who wants it, and why: for the log. */
export interface Who {
  readonly owner?: string;
  readonly reason?: string;
}

export interface Gift {
  /** For how long, in milliseconds. */
  readonly length: number;
  readonly who: Who;
}

/** Reads `{ for, owner?, reason? }`. @throws BadRequest */
export function readGift(body: unknown): Gift {
  if (!isRecord(body)) throw new BadRequest('expected an object');
  refuseOthers(body, ['for', 'owner', 'reason'], 'the request');
  const length = typeof body['for'] === 'string' ? parseDuration(body['for']) : undefined;
  if (length === undefined) {
    throw new BadRequest('`for` must be a length of time such as 30m, 12h or 7d, a year at most');
  }
  return { length, who: readWho(body) };
}

/** @throws BadRequest */
export function readWho(data: Readonly<Record<string, unknown>>): Who {
  const owner = readDetail(data['owner'], 'owner', 'the request');
  const reason = readDetail(data['reason'], 'reason', 'the request');
  return { ...(owner !== undefined && { owner }), ...(reason !== undefined && { reason }) };
}
