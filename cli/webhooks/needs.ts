/** Which callbacks of a platform the rules need, and what none of its callbacks can show them. */
import { blindSpotsOf, capabilitiesOf, type PlatformName } from '../../adapters/index.js';
import type { Capability } from '../../engine/capability.js';
import { canHoldFor, isOnPlatform, lackingFacts } from '../../engine/check/reach.js';
import type { Kind, Stage } from '../../engine/kinds.js';
import { NO_MEMORY, type Counter, type Memory } from '../../engine/memory.js';
import type { Rule } from '../../engine/parse/rules.js';
import { readStateFact } from '../../engine/state-facts.js';
import { needsOf as remembersOf } from '../../engine/trace.js';

export type NeedyRule = Pick<
  Rule,
  'id' | 'mode' | 'kinds' | 'namedKinds' | 'stages' | 'condition' | 'effects'
>;

/** A switch that must be on. */
export interface SwitchNeed {
  readonly name: string;
  readonly stage: Stage;
  /** Commands that the rules need. */
  readonly commands: readonly string[];
  /** Commands that it turns on as well. */
  readonly others: readonly string[];
  /** IDs of the rules, in the order in which they are judged. */
  readonly rules: readonly string[];
}

/** Something that a rule waits for in vain. */
export interface Unseen {
  readonly rule: string;
  readonly kind: Kind;
  readonly reason: string;
}

export interface Needs {
  /** In the order of the catalog. */
  readonly switches: readonly SwitchNeed[];
  readonly unseen: readonly Unseen[];
  /** What callbacks that are needed do not always show. */
  readonly blindSpots: readonly string[];
}

/**
 * @param rules all rules; those that are off need nothing
 * @param memory what they remember: a rule needs the callbacks that feed its counters, too
 */
export function needsOf(
  platform: PlatformName,
  rules: readonly NeedyRule[],
  memory: Memory = NO_MEMORY,
): Needs {
  const capabilities = capabilitiesOf(platform);
  const judged = rules.filter(({ mode }) => mode !== 'off');
  const switches = switchNeeds(capabilities, judged, memory);
  const needed = new Set(switches.flatMap(({ commands }) => commands));
  return {
    switches,
    unseen: judged.flatMap((rule) => unseenBy(rule, capabilities)),
    blindSpots: blindSpotsFor(
      platform,
      capabilities.filter(({ command }) => needed.has(command)),
    ),
  };
}

function switchNeeds(
  capabilities: readonly Capability[],
  rules: readonly NeedyRule[],
  memory: Memory,
): readonly SwitchNeed[] {
  const needs = new Map<string, { stage: Stage; commands: string[]; others: string[]; rules: Set<string> }>();
  for (const capability of capabilities) {
    const { command, stage } = capability;
    if (capability.switch === undefined) continue;
    const need = needs.get(capability.switch) ?? { stage, commands: [], others: [], rules: new Set() };
    needs.set(capability.switch, need);
    const isSecond = isSecondCall(capability, capabilities);
    const needing = rules.filter((rule) =>
      isSecond
        ? sees(rule, capability) && rule.effects.rewrites.length > 0
        : sees(rule, capability) || countersOf(rule, memory).some((counter) => feeds(capability, counter)),
    );
    (needing.length === 0 ? need.others : need.commands).push(command);
    for (const { id } of needing) need.rules.add(id);
  }
  const order = new Map(rules.map(({ id }, index) => [id, index]));
  const inOrder = (ids: Iterable<string>) =>
    [...ids].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  return [...needs]
    .filter(([, { commands }]) => commands.length > 0)
    .map(([name, need]) => ({ name, ...need, rules: inOrder(need.rules) }));
}

function sees({ kinds, stages, condition }: NeedyRule, capability: Capability): boolean {
  return (
    kinds.includes(capability.kind) && stages.includes(capability.stage) && canHoldFor(condition, capability)
  );
}

/** The counters that a rule asks. */
function countersOf(rule: NeedyRule, { counters }: Memory): readonly Counter[] {
  return remembersOf(rule)
    .map(readStateFact)
    .flatMap(({ kind, name }) => (kind === 'count' ? (counters.get(name) ?? []) : []));
}

function feeds(capability: Capability, { kinds, stages, where, by, distinct }: Counter): boolean {
  return (
    kinds.includes(capability.kind) &&
    stages.includes(capability.stage) &&
    [...by, ...(distinct === null ? [] : [distinct])].every((fact) => capability.facts.has(fact)) &&
    (where === null || canHoldFor(where, capability))
  );
}

/**
 * Whether a command only asks again about what another one has asked already, so that its reply may carry
 * rewrites: OpenIM's message-modify callback. Verdicts do not need it.
 */
function isSecondCall(capability: Capability, all: readonly Capability[]): boolean {
  return all.some(
    ({ kind, stage, rewritesElsewhere }) =>
      kind === capability.kind &&
      stage === capability.stage &&
      capability.rewritesElsewhere.size === 0 &&
      [...rewritesElsewhere].some((fact) => capability.rewrites.has(fact)),
  );
}

/** Kinds that a rule names and sees nothing of. A glob stands for whatever there is. */
function unseenBy(rule: NeedyRule, capabilities: readonly Capability[]): readonly Unseen[] {
  const [any] = capabilities;
  if (any === undefined || !isOnPlatform(rule.condition, any)) return [];
  return rule.namedKinds.flatMap((kind) => {
    const ofKind = capabilities.filter((capability) => capability.kind === kind);
    if (ofKind.some((capability) => sees(rule, capability))) return [];
    return [{ rule: rule.id, kind, reason: reasonFor(rule, ofKind) }];
  });
}

function reasonFor({ stages, condition }: NeedyRule, ofKind: readonly Capability[]): string {
  if (ofKind.length === 0) return 'no callback tells of it';
  const inTime = ofKind.find(({ stage }) => stages.includes(stage));
  if (inTime === undefined) {
    return stages.includes('before') ? 'reported after the event only' : 'asked before the event only';
  }
  const facts = lackingFacts(condition, inTime);
  return facts.length === 0 ? 'no callback can match' : `no callback tells ${facts.join(', ')}`;
}

function blindSpotsFor(platform: PlatformName, needed: readonly Capability[]): readonly string[] {
  return blindSpotsOf(platform)
    .filter(({ kinds, stage: only }) =>
      needed.some(({ kind, stage }) => kinds.includes(kind) && (only === undefined || only === stage)),
    )
    .map(({ text }) => text);
}
