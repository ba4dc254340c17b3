/** What an explanation knows of counts, strikes and labels: nothing but what it is given. */
import type { Event, SyncFactSource } from '../../engine/event.js';
import { createFactReader, PENDING } from '../../engine/fact-reader.js';
import { factDefinition, type FactName, type FactValue } from '../../engine/facts.js';
import { parseGiven } from '../../engine/parse/examples.js';
import type { Problem } from '../../engine/problem.js';
import { isStateFact, plainStateFact, type StateFactName } from '../../engine/state-facts.js';
import { isOn, needsOf, type TracedRule } from '../../engine/trace.js';
import { printable } from '../../store/code-frame.js';
import { UserError } from '../suite/user-error.js';
import type { Paint } from '../suite/style.js';
import type { Workbench } from '../suite/workbench.js';
import { show } from './words.js';

export type GivenMemory = ReadonlyMap<FactName, FactValue>;

/** Reads `count.sends=21`. @throws UserError */
export function readRemembered(
  texts: readonly string[],
  { rules: { memory } }: Pick<Workbench, 'rules'>,
): GivenMemory {
  const values = texts.map((text) => {
    const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    if (isStateFact(name)) return [name, valueOf(value)] as const;
    throw new UserError(
      `--given: \`${text}\` is not of the form count.NAME=21, strikes.NAME=2 or label.NAME=true.`,
    );
  });
  const problems: Problem[] = [];
  const node = { file: '--given', path: [], value: Object.fromEntries(values) };
  const given = parseGiven(node, { memory }, (problem) => void problems.push(problem));
  const [problem] = problems;
  if (problem === undefined) return given;
  throw new UserError(`--given: ${problem.message}${problem.hint === undefined ? '' : ` ${problem.hint}`}`);
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The event with what is given besides. */
export function withRemembered(event: Event, given: GivenMemory): Event {
  if (given.size === 0) return event;
  const extended = (facts: SyncFactSource): SyncFactSource => ({
    get: (name) => given.get(name) ?? facts.get(name),
  });
  return {
    ...event,
    facts: extended(event.facts),
    targets: event.targets.map((target) => ({ ...target, facts: extended(target.facts) })),
  };
}

/** A count, or strikes, or a label, as an explanation has it. */
export interface RememberedFact {
  readonly fact: StateFactName;
  /** `undefined` where it is not given. */
  readonly value: FactValue | undefined;
  /** The option that would give it. */
  readonly option: string;
}

/** What the rules on an event ask for; with a rule, what that one asks for. */
export function rememberedOf(
  event: Event,
  { rules: { rules } }: Pick<Workbench, 'rules'>,
  focus?: TracedRule,
): readonly RememberedFact[] {
  const concerned = focus === undefined ? rules.filter(({ rule }) => isOn(rule, event)) : [focus];
  const { peek } = createFactReader(event.targets[0]?.facts ?? event.facts);
  return [...new Set(concerned.flatMap(({ rule }) => needsOf(rule)))].map((fact) => {
    const value = peek(fact);
    const example = factDefinition(fact).type === 'boolean' ? 'true' : 'NUMBER';
    return {
      fact,
      value: value === PENDING ? undefined : value,
      option: `--given ${plainStateFact(fact)}=${example}`,
    };
  });
}

/** A section of the report; none when no rule asks for anything. */
export function rememberedText(facts: readonly RememberedFact[], paint: Paint): readonly string[] {
  if (facts.length === 0) return [];
  const width = Math.max(...facts.map(({ fact }) => fact.length));
  const lines = facts.map(({ fact, value, option }) => {
    const told = value === undefined ? `absent here; give it with ${option}` : show(value);
    return `  ${printable(fact.padEnd(width))}  ${value === undefined ? paint('yellow', told) : told}`;
  });
  return [[paint('bold', 'Remembered'), ...lines].join('\n')];
}
