/** Which commands a rule can match on, by what they tell. */
import type { Capability } from '../capability.js';
import type { Condition, Leaf } from '../condition.js';
import { PENDING, type Peeked } from '../fact-reader.js';
import type { FactName } from '../facts.js';
import type { Kind, Stage } from '../kinds.js';
import { leafHolds, testOf } from '../leaf.js';
import { eventFactsOf } from '../state-facts.js';
import { leavesOf } from '../condition.js';
import { requiredFacts } from './literals.js';
import { isLive } from './operand-text.js';

/** The commands of the configured apps, by event kind. */
export type CommandTable = ReadonlyMap<Kind, readonly Capability[]>;

export function commandTable(capabilities: readonly Capability[]): CommandTable {
  const table = new Map<Kind, Capability[]>();
  for (const capability of capabilities) {
    const commands = table.get(capability.kind);
    if (commands === undefined) table.set(capability.kind, [capability]);
    else commands.push(capability);
  }
  return table;
}

/** The commands for some kinds and stages. */
export function commandsFor(
  table: CommandTable,
  kinds: readonly Kind[],
  stages: readonly Stage[],
): readonly Capability[] {
  return kinds.flatMap((kind) => (table.get(kind) ?? []).filter(({ stage }) => stages.includes(stage)));
}

/** What is known of an event before it happens. */
type Known = (fact: FactName) => Peeked;

/** The facts that are the same in every callback of a command. */
function constantOf({ platform, kind, stage, command }: Capability, fact: FactName): string | undefined {
  switch (fact) {
    case 'platform':
      return platform;
    case 'event.kind':
      return kind;
    case 'event.stage':
      return stage;
    case 'command':
      return command;
    default:
      return undefined;
  }
}

/** Whether a condition can hold for a command of the same platform, whatever else its callbacks tell. */
export function isOnPlatform(condition: Condition, capability: Capability): boolean {
  const known: Known = (fact) => (fact === 'platform' ? capability.platform : PENDING);
  return evaluate(condition, known) !== false;
}

/** Whether a condition can hold for a command, whatever facts its callbacks tell. */
export function isOnCommand(condition: Condition, capability: Capability): boolean {
  return evaluate(condition, (fact) => constantOf(capability, fact) ?? PENDING) !== false;
}

/** Whether a condition can hold for a command, given the facts that its callbacks tell. */
export function canHoldFor(condition: Condition, capability: Capability): boolean {
  const known: Known = (fact) =>
    constantOf(capability, fact) ?? (tells(capability, fact) ? PENDING : undefined);
  return evaluate(condition, known) !== false;
}

/** What is remembered is told where the facts are told that say whose it is. */
function tells({ facts }: Capability, fact: FactName): boolean {
  return eventFactsOf(fact).every((needed) => facts.has(needed));
}

/** Facts of a condition that a command does not tell and that keep the condition from holding. */
export function lackingFacts(condition: Condition, { facts }: Capability): readonly FactName[] {
  const lacking = (names: Iterable<FactName>): readonly FactName[] =>
    [...new Set([...names].flatMap(eventFactsOf))].filter((fact) => !facts.has(fact));
  const required = lacking(requiredFacts(condition));
  return required.length > 0 ? required : lacking([...leavesOf(condition)].map(({ fact }) => fact));
}

/** @returns `undefined` when it depends on facts that are not known yet */
function evaluate(condition: Condition, known: Known): boolean | undefined {
  switch (condition.type) {
    case 'leaf':
      return evaluateLeaf(condition, known);
    case 'not': {
      const holds = evaluate(condition.member, known);
      return holds === undefined ? undefined : !holds;
    }
    case 'all':
    case 'any': {
      const decisive = condition.type === 'any';
      let result: boolean | undefined = !decisive;
      for (const member of condition.members) {
        const holds = evaluate(member, known);
        if (holds === decisive) return decisive;
        if (holds === undefined) result = undefined;
      }
      return result;
    }
  }
}

function evaluateLeaf({ fact, operator, right }: Leaf, known: Known): boolean | undefined {
  const left = known(fact);
  if (right.type === 'fact') {
    const other = known(right.fact);
    if (left === undefined || other === undefined) return false;
    return left === PENDING || other === PENDING ? undefined : leafHolds(operator, left, other);
  }
  if (left === PENDING) return undefined;
  // Tests are expensive to build; an absent fact needs none.
  if (left === undefined && operator !== 'exists') return false;
  if (isLive(right)) return undefined;
  return leafHolds(operator, left, testOf(operator, right));
}
