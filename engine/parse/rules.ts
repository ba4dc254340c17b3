/** Reads rules. */
import { ALWAYS, factsOfCondition, type Condition } from '../condition.js';
import type { OnError, RuleMode } from '../decision.js';
import { factsToFill, type Effects } from '../effects.js';
import type { EventFactName } from '../facts.js';
import { factsOf, KIND_NAMES, type Kind, type Stage } from '../kinds.js';
import { eventFactsOf } from '../state-facts.js';
import { parseCondition, type Scope } from './conditions.js';
import { parseEffects, type EffectScope } from './effects.js';
import { parseEvents, readStages, STAGES } from './events.js';
import { parseExamples, type Example } from './examples.js';
import { readDuration, readSubject } from './memory.js';
import { problemAt, readInteger, readMapping, readText, readWord, type Node, type Report } from './node.js';
import { COOLDOWN_SHAPE, RULE_SHAPE } from './shapes.js';

/** A rule as it was written, checked by itself. */
export interface Rule {
  readonly id: string;
  readonly node: Node;
  readonly kinds: readonly Kind[];
  /** Kinds that `on` names one by one, not by a glob. */
  readonly namedKinds: readonly Kind[];
  readonly stages: readonly Stage[];
  readonly priority: number;
  readonly mode: RuleMode;
  /** `null` where the author does not say. */
  readonly onError: OnError | null;
  readonly cooldown: Cooldown | null;
  readonly condition: Condition;
  readonly effects: Effects;
  readonly examples: readonly Example[];
}

/** For how long a rule that has matched does not match again, and for whom. */
export interface Cooldown {
  /** Milliseconds. */
  readonly length: number;
  readonly by: readonly EventFactName[];
}

/** What an id looks like. */
export const ID = /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u;
/** Priorities reach from minus this to this. */
export const MAX_PRIORITY = 1_000_000;

/** @returns the rule, or `undefined` after at least one report */
export function parseRule(node: Node, scope: Scope & EffectScope, report: Report): Rule | undefined {
  const members = readMapping(node, RULE_SHAPE, 'a rule', report);
  if (members === undefined) return undefined;
  if (members.description !== undefined) readText(members.description, report);
  const id = members.id === undefined ? undefined : parseId(members.id, report);
  const events = members.on === undefined ? undefined : parseEvents(members.on, report);
  const mode =
    members.mode === undefined ? 'enforce' : readWord(members.mode, ['enforce', 'shadow', 'off'], report);
  const onError =
    members.on_error === undefined ? null : readWord(members.on_error, ['fail', 'skip', 'match'], report);
  const priority =
    members.priority === undefined ? 0 : readInteger(members.priority, -MAX_PRIORITY, MAX_PRIORITY, report);
  const cooldown = members.cooldown === undefined ? null : parseCooldown(members.cooldown, report);
  const condition = members.when === undefined ? undefined : parseWhen(members.when, scope, report);
  const effects = members.then === undefined ? undefined : parseEffects(members.then, scope, report);
  const stages = effects === undefined ? undefined : parseStages(members.stage, effects, report);
  if (events !== undefined && condition !== undefined && members.when !== undefined) {
    reportForeignFacts(conditionFacts(condition), events.kinds, members.when, report);
  }
  if (events !== undefined && effects !== undefined && members.then !== undefined) {
    reportForeignFacts(effectFacts(effects), events.kinds, members.then, report);
  }
  if (events !== undefined && members.cooldown !== undefined) {
    reportForeignFacts(new Set(cooldown?.by), events.kinds, members.cooldown, report);
  }
  const examples = members.examples === undefined ? [] : parseExamples(members.examples, scope, report);
  if (id === undefined || events === undefined || mode === undefined || priority === undefined)
    return undefined;
  if (condition === undefined || effects === undefined || stages === undefined) return undefined;
  if (onError === undefined || cooldown === undefined) return undefined;
  return { id, node, ...events, stages, priority, mode, onError, cooldown, condition, effects, examples };
}

/** Reads the `when` of a rule. @returns the condition, or `undefined` after at least one report */
export function parseWhen(node: Node, scope: Scope, report: Report): Condition | undefined {
  return node.value === 'always' ? ALWAYS : parseCondition(node, scope, report);
}

function parseId(node: Node, report: Report): string | undefined {
  const id = readText(node, report);
  if (id === undefined || ID.test(id)) return id;
  report(
    problemAt(node, 'wrong-value', `\`${id}\` cannot be an id.`, {
      hint: 'Letters, digits, `-`, `_` and `.`.',
    }),
  );
  return undefined;
}

function parseStages(node: Node | undefined, effects: Effects, report: Report): readonly Stage[] | undefined {
  const changesEvent = effects.verdict !== null || effects.rewrites.length > 0;
  if (node === undefined) return changesEvent ? STAGES.before : STAGES.any;
  const stages = readStages(node, report);
  if (stages === undefined) return undefined;
  if (changesEvent && node.value !== 'before') {
    report(
      problemAt(
        node,
        'stage-without-verdict',
        `What has happened cannot be changed: a verdict or rewrite has no effect after the event.`,
        {
          hint: 'Use `stage: before`, and a second rule for tags and notifications.',
        },
      ),
    );
    return undefined;
  }
  return stages;
}

function parseCooldown(node: Node, report: Report): Cooldown | undefined {
  const members = readMapping(node, COOLDOWN_SHAPE, 'a cool-down (`for`, `by`)', report);
  const length = members?.for === undefined ? undefined : readDuration(members.for, report);
  const by = members?.by === undefined ? (['actor.id'] as const) : readSubject(members.by, report);
  return length === undefined || by === undefined ? undefined : { length, by };
}

function conditionFacts(condition: Condition): ReadonlySet<EventFactName> {
  const facts = new Set<EventFactName>();
  for (const fact of factsOfCondition(condition)) {
    for (const needed of eventFactsOf(fact)) facts.add(needed);
  }
  return facts;
}

function effectFacts(effects: Effects): ReadonlySet<EventFactName> {
  return new Set([
    ...factsToFill(effects).flatMap(eventFactsOf),
    ...effects.rewrites.map(({ fact }) => fact),
    ...effects.strikes.flatMap(({ by }) => by),
    ...effects.labels.map(({ target }) => target),
  ]);
}

/** A fact must belong to at least one of the rule's kinds: elsewhere it is absent and the leaf is false. */
function reportForeignFacts(
  facts: ReadonlySet<EventFactName>,
  kinds: readonly Kind[],
  node: Node,
  report: Report,
): void {
  for (const fact of facts) {
    if (kinds.some((kind) => factsOf(kind).has(fact))) continue;
    const carriers = KIND_NAMES.filter((kind) => factsOf(kind).has(fact));
    const hint = `It belongs to ${carriers.slice(0, 6).join(', ')}${carriers.length > 6 ? ' and others' : ''}.`;
    report(
      problemAt(placeOf(fact, node), 'fact-not-in-kind', `The events of this rule never carry \`${fact}\`.`, {
        hint,
      }),
    );
  }
}

/** Where a fact is written below a node; the node itself when it comes in by a shared condition. */
function placeOf(fact: EventFactName, node: Node): Node {
  const { value } = node;
  if (typeof value !== 'object' || value === null) return node;
  for (const [key, member] of Object.entries(value)) {
    const path = [...node.path, Array.isArray(value) ? Number(key) : key];
    if (member === fact || key === fact) return { file: node.file, path, value: member };
    const inner = { file: node.file, path, value: member as unknown };
    const found = placeOf(fact, inner);
    if (found !== inner) return found;
  }
  return node;
}
