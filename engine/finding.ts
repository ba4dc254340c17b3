/** What json-rules-engine found while it judged a condition, in the shape of our own conditions. */
import type { Condition } from './condition.js';
import type { FactValue } from './facts.js';

/** What was found for a condition, and for everything in it. */
export interface Finding {
  /** `undefined` where it was not evaluated. */
  readonly holds: boolean | undefined;
  /** Of a leaf: the value of its fact, when there is one. */
  readonly left?: FactValue;
  /** Of a leaf that compares two facts: the value of the other one, when there is one. */
  readonly right?: FactValue;
  /** In the order of the condition's own members. */
  readonly members: readonly Finding[];
}

/**
 * Reads json-rules-engine's marks.
 *
 * @param native its copy of the condition: `result` stands in every node but the outermost, `factResult`
 *   and `valueResult` in leaves; a lone leaf is wrapped in an `all`
 * @param holds what it found for the whole
 */
export function readFinding(condition: Condition, native: unknown, holds: boolean): Finding {
  const root = condition.type === 'leaf' ? memberOf(memberOf(native, 'all'), 0) : native;
  return { ...findingOf(condition, root), holds };
}

function findingOf(condition: Condition, native: unknown): Finding {
  const result = memberOf(native, 'result');
  const holds = typeof result === 'boolean' ? result : undefined;
  switch (condition.type) {
    case 'leaf': {
      const left = factValueOf(memberOf(native, 'factResult'));
      const right =
        condition.right.type === 'fact' ? factValueOf(memberOf(native, 'valueResult')) : undefined;
      return {
        holds,
        members: [],
        ...(left !== undefined && { left }),
        ...(right !== undefined && { right }),
      };
    }
    case 'not':
      return { holds, members: [findingOf(condition.member, memberOf(native, 'not'))] };
    case 'all':
    case 'any': {
      const natives = memberOf(native, condition.type);
      const members = condition.members.map((member, index) => findingOf(member, memberOf(natives, index)));
      return { holds, members };
    }
  }
}

function memberOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function factValueOf(value: unknown): FactValue | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : undefined;
}
