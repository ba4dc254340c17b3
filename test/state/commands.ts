/** Commands of tests, in few words. */
import type {
  ClaimCommand,
  CountCommand,
  CountEffect,
  DistinctCommand,
  LabelCommand,
  StateKey,
} from '../../engine/state.js';

/** A moment long after any test: real clocks must not make what tests store expire. */
export const START = Math.ceil(Date.now() / 604_800_000 + 1) * 604_800_000;

let last = 0;

/** A key that no other test has. */
export function freshKey(name = 'key'): StateKey {
  last += 1;
  const id = `${last}-${Math.random().toString(36).slice(2, 8)}`;
  return { owner: `app:${id}`, key: `${name}:${id}` };
}

/** How one key is counted. */
export interface Counting {
  count(effect: CountEffect, at: number, token?: string): CountCommand;
}

export function countingOf(window: number, key = freshKey('count')): Counting {
  return { count: (effect, at, token = '') => ({ ...key, type: 'count', effect, window, at, token }) };
}

export interface Gathering {
  member(effect: CountEffect, at: number, member?: string): DistinctCommand;
}

export function gatheringOf(window: number, key = freshKey('distinct')): Gathering {
  return { member: (effect, at, member = '') => ({ ...key, type: 'distinct', effect, window, at, member }) };
}

export interface Marking {
  set(at: number, until: number): LabelCommand;
  clear(at: number): LabelCommand;
  read(at: number): LabelCommand;
}

export function markingOf(key = freshKey('label')): Marking {
  const label = (effect: LabelCommand['effect'], at: number, until = 0): LabelCommand => {
    return { ...key, type: 'label', effect, at, until };
  };
  return {
    set: (at, until) => label('set', at, until),
    clear: (at) => label('clear', at),
    read: (at) => label('read', at),
  };
}

export interface Claiming {
  claim(at: number, until: number, token: string): ClaimCommand;
}

export function claimingOf(key = freshKey('claim')): Claiming {
  return { claim: (at, until, token) => ({ ...key, type: 'claim', at, until, token }) };
}
