import type { CountCommand } from '../../engine/state.js';

const MINUTE = 60_000;
const AT = Date.UTC(2026, 0, 1);
/** Additions for one turn of the clock by a millisecond: a busy gate. */
const PER_MILLISECOND = 100;

/** One more message of a user in the last minute. Each user has a key; the clock goes on slowly. */
export function additionOf(user: number, number = user): CountCommand {
  return {
    type: 'count',
    effect: 'add',
    owner: `openim:user_${user}`,
    key: `count:sends_per_minute:openim:user_${user}`,
    window: MINUTE,
    at: AT + Math.floor(number / PER_MILLISECOND),
    token: `${number}`.padStart(22, 't'),
  };
}
