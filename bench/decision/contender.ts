import type { FactName, FactValue } from '../../engine/facts.js';
import { FACT_DEFAULTS, type GeneratedRule } from '../workload/rules.js';
import type { PreparedEvent } from '../workload/traffic.js';

/** Tells which rules match an event; IDs in any order. */
export type Judge = (event: PreparedEvent) => readonly string[] | Promise<readonly string[]>;

/** An engine, made ready for rules as its makers recommend. */
export interface Engine {
  readonly name: string;
  prepare(rules: readonly GeneratedRule[]): Promise<Judge>;
}

/** Facts as engines want them whose languages know no absent values: flat, and complete. */
export type Context = Readonly<Record<string, FactValue>>;

/** A fact's name where dots would mean something. */
export const variable = (fact: string): string => fact.replaceAll('.', '_');

const NAMES = [...Object.entries(FACT_DEFAULTS)].map(
  ([fact, standard]) => [fact as FactName, variable(fact), standard] as const,
);

/** Made once for each event, since a host would do so too. */
export function contextOf({ event, facts }: PreparedEvent): Context {
  const context: Record<string, FactValue> = { kind: event.kind };
  for (const [fact, name, standard] of NAMES) context[name] = facts.get(fact) ?? standard;
  return context;
}
