/** Reads rules. */
import { ALWAYS, type Condition } from '../condition.js';
import type { OnError, RuleMode } from '../decision.js';
import type { Effects } from '../effects.js';
import { factsOf, KIND_NAMES, kindsMatching, type Kind, type Stage } from '../kinds.js';
import { hintFor } from '../nearest.js';
import type { FactName } from '../facts.js';
import { leavesOf } from '../condition.js';
import { factsOfTemplate } from '../template.js';
import { parseCondition, type Scope } from './conditions.js';
import { parseEffects, type EffectScope } from './effects.js';
import { parseExamples, type Example } from './examples.js';
import {
  problemAt,
  readInteger,
  readMapping,
  readText,
  readTexts,
  readWord,
  type Node,
  type Report,
} from './node.js';
import { RULE_SHAPE } from './shapes.js';

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
  readonly onError: OnError;
  readonly condition: Condition;
  readonly effects: Effects;
  readonly examples: readonly Example[];
}

/** What an id looks like. */
export const ID = /^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u;
/** Priorities reach from minus this to this. */
export const MAX_PRIORITY = 1_000_000;
const STAGES: Readonly<Record<'before' | 'after' | 'any', readonly Stage[]>> = {
  before: ['before'],
  after: ['after'],
  any: ['before', 'after'],
};

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
    members.on_error === undefined ? 'fail' : readWord(members.on_error, ['fail', 'skip', 'match'], report);
  const priority =
    members.priority === undefined ? 0 : readInteger(members.priority, -MAX_PRIORITY, MAX_PRIORITY, report);
  const condition = members.when === undefined ? undefined : parseWhen(members.when, scope, report);
  const effects = members.then === undefined ? undefined : parseEffects(members.then, scope, report);
  const stages = effects === undefined ? undefined : parseStages(members.stage, effects, report);
  if (events !== undefined && condition !== undefined && members.when !== undefined) {
    reportForeignFacts(conditionFacts(condition), events.kinds, members.when, report);
  }
  if (events !== undefined && effects !== undefined && members.then !== undefined) {
    reportForeignFacts(effectFacts(effects), events.kinds, members.then, report);
  }
  const examples = members.examples === undefined ? [] : parseExamples(members.examples, report);
  if (id === undefined || events === undefined || mode === undefined || priority === undefined)
    return undefined;
  if (condition === undefined || effects === undefined || stages === undefined || onError === undefined)
    return undefined;
  return { id, node, ...events, stages, priority, mode, onError, condition, effects, examples };
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

function parseEvents(node: Node, report: Report): Pick<Rule, 'kinds' | 'namedKinds'> | undefined {
  const patterns = readTexts(node, report);
  const kinds = new Set<Kind>();
  const namedKinds = new Set<Kind>();
  for (const pattern of patterns) {
    const text = String(pattern.value);
    const matching = kindsMatching(text);
    if (matching.length === 0) {
      report(
        problemAt(pattern, 'unknown-kind', `Unknown event kind \`${text}\`.`, {
          hint: hintFor(text, KIND_NAMES),
        }),
      );
    }
    for (const kind of matching) {
      kinds.add(kind);
      if (kind === text) namedKinds.add(kind);
    }
  }
  return kinds.size === 0 ? undefined : { kinds: [...kinds], namedKinds: [...namedKinds] };
}

function parseStages(node: Node | undefined, effects: Effects, report: Report): readonly Stage[] | undefined {
  const changesEvent = effects.verdict !== null || effects.rewrites.length > 0;
  if (node === undefined) return changesEvent ? STAGES.before : STAGES.any;
  const word = readWord(node, ['before', 'after', 'any'], report);
  if (word === undefined) return undefined;
  if (changesEvent && word !== 'before') {
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
  return STAGES[word];
}

function conditionFacts(condition: Condition): ReadonlySet<FactName> {
  const facts = new Set<FactName>();
  for (const { fact, right } of leavesOf(condition)) {
    facts.add(fact);
    if (right.type === 'fact') facts.add(right.fact);
  }
  return facts;
}

function effectFacts({ refusal, rewrites }: Effects): ReadonlySet<FactName> {
  const templates = refusal === null ? [] : [refusal.message, refusal.detail];
  return new Set([
    ...templates.flatMap(factsOfTemplate),
    ...rewrites.flatMap(({ fact, change }) => [
      fact,
      ...(change.type === 'fill' ? factsOfTemplate(change.template) : []),
    ]),
  ]);
}

/** A fact must belong to at least one of the rule's kinds: elsewhere it is absent and the leaf is false. */
function reportForeignFacts(
  facts: ReadonlySet<FactName>,
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
function placeOf(fact: FactName, node: Node): Node {
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
