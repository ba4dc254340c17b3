/** An explanation as plain data, for `--json`. */
import { rewrittenFacts } from '../../engine/effects.js';
import type { Event, SyncFactSource } from '../../engine/event.js';
import { FACT_NAMES } from '../../engine/facts.js';
import type { Finding } from '../../engine/finding.js';
import type { PlacedCondition } from '../../engine/placed.js';
import { findOn, isOn, type RuleTrace, type TargetTrace, type TracedRule } from '../../engine/trace.js';
import type { Workbench } from '../suite/workbench.js';
import { blame } from './blame.js';
import type { Explanation } from './explanation.js';
import { rememberedOf } from './remembered.js';
import { showLeaf } from './words.js';

/** With a rule, only that one is listed, also when it is not on the event. */
export async function explanationData(
  explanation: Explanation,
  bench: Workbench,
  focus?: TracedRule,
): Promise<unknown> {
  const { app, callback, event, decision, traces, reply, isCallerUnchecked } = explanation;
  const targets = decision.rulings.map(async (ruling, index) => {
    const target = event?.targets[index];
    const facts = target?.facts ?? event?.facts ?? new Map();
    const trace = traces[index];
    return {
      id: target?.id ?? null,
      ...(target !== undefined && { facts: factsData(facts) }),
      ...ruling,
      rewrites: Object.fromEntries(rewrittenFacts(ruling.rewrites, facts)),
      rules:
        event === undefined || trace === undefined ? [] : await rulesData(trace, event, facts, bench, focus),
    };
  });
  return {
    app: app === undefined ? null : { id: app.id, platform: app.platform },
    callback:
      callback === undefined
        ? null
        : {
            command: callback.command ?? null,
            wireCommand: callback.wireCommand ?? null,
            outcome: callback.outcome.type,
            failure: callback.outcome.type === 'failure' ? callback.outcome.failure : null,
            reason: callback.outcome.type === 'exempt' ? callback.outcome.reason : null,
            isCallerUnchecked,
          },
    event:
      event === undefined ? null : { kind: event.kind, stage: event.stage, facts: factsData(event.facts) },
    remembered:
      event === undefined
        ? []
        : rememberedOf(event, bench, focus).map(({ value = null, ...rest }) => ({ ...rest, value })),
    revision: decision.revision,
    rulings: await Promise.all(targets),
    reply: reply?.body ?? null,
    shortfalls: reply?.shortfalls ?? [],
  };
}

function factsData(facts: SyncFactSource): unknown {
  const present = FACT_NAMES.map((name) => [name, facts.get(name)] as const);
  return Object.fromEntries(present.filter(([, value]) => value !== undefined));
}

async function rulesData(
  { rules }: TargetTrace,
  event: Event,
  facts: SyncFactSource,
  bench: Workbench,
  focus: TracedRule | undefined,
): Promise<readonly unknown[]> {
  if (focus === undefined) return rules.map((trace) => ruleData(trace, bench));
  if (isOn(focus.rule, event)) {
    return rules.filter(({ traced }) => traced === focus).map((trace) => ruleData(trace, bench));
  }
  return [ruleData({ traced: focus, state: 'not-on-event', finding: await findOn(focus, facts) }, bench)];
}

function ruleData(
  { traced, state, finding, error }: Omit<RuleTrace, 'state'> & { readonly state: string },
  bench: Workbench,
): unknown {
  const { rule, when } = traced;
  const blamed = when === undefined || finding === undefined ? [] : blame(when, finding);
  return {
    id: rule.id,
    place: bench.placeOf(rule.node),
    mode: rule.mode,
    priority: rule.priority,
    kinds: rule.kinds,
    stages: rule.stages,
    state,
    holds: finding?.holds ?? null,
    ...(error !== undefined && { error }),
    because: blamed.map(({ leaf }) => bench.placeOf(leaf.node)),
    condition: when === undefined ? 'always' : conditionData(when, finding, bench),
  };
}

function conditionData(condition: PlacedCondition, finding: Finding | undefined, bench: Workbench): unknown {
  const common = {
    type: condition.type,
    place: bench.placeOf(condition.node),
    ...(condition.shared !== undefined && { shared: condition.shared }),
    holds: finding?.holds ?? null,
  };
  if (condition.type !== 'leaf') {
    const members = condition.members.map((member, index) =>
      conditionData(member, finding?.members[index], bench),
    );
    return { ...common, members };
  }
  const { right } = condition.leaf;
  return {
    ...common,
    text: showLeaf(condition),
    value: finding?.left ?? null,
    ...(right.type === 'fact' && { otherValue: finding?.right ?? null }),
  };
}
