import { parse } from 'yaml';
import type { Capability } from '../../engine/capability.js';
import { compileRules } from '../../engine/compile.js';
import type { Decision, Ruling } from '../../engine/decision.js';
import type { Event } from '../../engine/event.js';
import { FACT_NAMES, type FactName, type FactValue } from '../../engine/facts.js';
import { KIND_NAMES, type Kind, type Stage } from '../../engine/kinds.js';
import type { CompileResult, RuleSet } from '../../engine/rule-set.js';

/** A platform that can do everything, so that only the rules themselves are in question. */
export const ABLE: readonly Capability[] = KIND_NAMES.flatMap((kind) =>
  (['before', 'after'] as const).map((stage) => ({
    platform: 'able',
    command: `${stage} ${kind}`,
    kind,
    stage,
    facts: new Set(FACT_NAMES),
    refuse: stage === 'before',
    refuseTargets: stage === 'before',
    discard: stage === 'before',
    rewrites: new Set(stage === 'before' ? FACT_NAMES : []),
    rewritesElsewhere: new Set<FactName>(),
    codes: [1000, 1999] as const,
  })),
);

export interface CompileOptions {
  readonly capabilities?: readonly Capability[];
  readonly texts?: Readonly<Record<string, string>>;
}

/** Compiles rule files given as YAML text: one, or several by name. */
export function compileYaml(
  source: string | Readonly<Record<string, string>>,
  { capabilities = ABLE, texts = {} }: CompileOptions = {},
): Promise<CompileResult> {
  const files = typeof source === 'string' ? { 'rules.yaml': source } : source;
  return compileRules(
    {
      documents: Object.entries(files).map(([file, text]) => ({ file, data: parse(text) as unknown })),
      texts: new Map(Object.entries(texts)),
    },
    { capabilities, platforms: ['able', 'other'] },
  );
}

/** A rule set from YAML that has no mistakes. */
export async function ruleSetOf(
  source: string | Readonly<Record<string, string>>,
  options?: CompileOptions,
): Promise<RuleSet> {
  const { ruleSet, problems } = await compileYaml(source, options);
  if (ruleSet === null) throw new Error(problems.map(({ message }) => message).join('\n'));
  return ruleSet;
}

export type Facts = Readonly<Partial<Record<FactName, FactValue>>>;

export function factMap(facts: Facts): Map<FactName, FactValue> {
  return new Map(Object.entries(facts) as [FactName, FactValue][]);
}

/** An event about a single user. */
export function eventOf(kind: Kind, facts: Facts, stage: Stage = 'before'): Event {
  return { kind, stage, facts: factMap({ 'event.kind': kind, 'event.stage': stage, ...facts }), targets: [] };
}

/** An event with several targets. */
export function eventWithTargets(kind: Kind, facts: Facts, targets: readonly string[]): Event {
  const event = eventOf(kind, facts);
  return {
    ...event,
    targets: targets.map((id) => ({ id, facts: new Map([...factMap(facts), ['target.id', id]]) })),
  };
}

export const LENIENT = { default: 'allow', onFailure: 'allow' } as const;
export const STRICT = { default: 'allow', onFailure: 'refuse' } as const;

/** Judges facts of a kind and returns the only ruling. */
export async function ruleOn(ruleSet: RuleSet, kind: Kind, facts: Facts, policy = LENIENT): Promise<Ruling> {
  return onlyRuling(await ruleSet.decide(eventOf(kind, facts), policy));
}

export function onlyRuling({ rulings }: Decision): Ruling {
  const [ruling, second] = rulings;
  if (ruling === undefined || second !== undefined)
    throw new Error(`${rulings.length} rulings instead of one`);
  return ruling;
}
