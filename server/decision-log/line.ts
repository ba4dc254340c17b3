/** A line of the decision log. */
import type { AppSettings, Callback, FailureCause, Shortfall } from '../../adapters/index.js';
import type { Decision, MatchedRule, RuleError, Ruling } from '../../engine/decision.js';
import { applyRewrite } from '../../engine/effects.js';
import type { Event, SyncFactSource } from '../../engine/event.js';
import type { FactName, FactValue } from '../../engine/facts.js';
import type { Kind } from '../../engine/kinds.js';
import { verdictOf } from '../failure.js';
import type { FactKeeper, Kept } from './kept-facts.js';

/** A decision and what led to it. */
export interface DecisionEntry {
  readonly id: string;
  readonly app: AppSettings;
  readonly platform: string;
  readonly callback: Callback;
  readonly decision: Decision;
  /** Milliseconds that it took. */
  readonly ms: number;
  readonly shortfalls: readonly Shortfall[];
  /** Why the rules did not decide. */
  readonly degraded?: FailureCause | 'unknown-command' | undefined;
}

/** Characters of a command that are written: whoever can reach the port chooses it. */
const MAX_COMMAND = 100;

type Facts = Readonly<Partial<Record<FactName, FactValue>>>;

/** What a line says about a ruling. Empty lists are left out. */
export interface RulingFields {
  readonly verdict: Decision['rulings'][number]['verdict'] | 'mixed';
  /** The rule that gave the verdict; `null` where none did, or not the same one for every target. */
  readonly rule: string | null;
  /** Enforced rules that matched. */
  readonly matched?: readonly string[] | undefined;
  /** Shadow rules that matched, with what they would have done. */
  readonly shadowed?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly notify?: readonly string[] | undefined;
  /** Ladders on which strikes were given, and labels that were given. */
  readonly strikes?: readonly string[] | undefined;
  readonly labels?: readonly string[] | undefined;
  /** What rewritten facts became; `null` where the value is left out. */
  readonly rewrites?: Readonly<Partial<Record<FactName, FactValue | null>>> | undefined;
  readonly errors?: readonly RuleError[] | undefined;
}

/** What a line says about one of several targets. */
export interface TargetFields extends RulingFields {
  readonly id: string;
  /** Facts that differ from the event's. */
  readonly facts?: Facts | undefined;
}

/** One line, as JSON has it. */
export interface DecisionLine extends RulingFields {
  /** ISO 8601 in UTC. */
  readonly time: string;
  readonly id: string;
  readonly app: string;
  readonly platform: string;
  readonly command?: string | undefined;
  readonly kind?: Kind | undefined;
  readonly stage: Callback['stage'];
  readonly actor?: string | undefined;
  readonly target?: string | undefined;
  readonly group?: string | undefined;
  readonly revision: string;
  readonly ms: number;
  /** `false` where the reply was an allow whatever the verdict says. */
  readonly enforced?: false | undefined;
  readonly degraded?: DecisionEntry['degraded'] | undefined;
  readonly shortfalls?: readonly Shortfall[] | undefined;
  readonly targets?: readonly TargetFields[] | undefined;
  readonly facts?: Facts | undefined;
  readonly kept?: Kept | undefined;
  /** Share of lines such as this one that are written. */
  readonly sample?: number | undefined;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Builds the line, member by member: every decision pays for it, and objects put together from parts cost
 * several times as much.
 *
 * @param now milliseconds since 1970
 */
export function lineOf(entry: DecisionEntry, keeper: FactKeeper, now: number): DecisionLine {
  const { id, app, platform, callback, decision, ms, shortfalls, degraded } = entry;
  const event = callback.outcome.type === 'event' ? callback.outcome.event : undefined;
  const command = callback.command ?? callback.wireCommand?.slice(0, MAX_COMMAND);
  const line: Draft<DecisionLine> = {
    time: new Date(now).toISOString(),
    id,
    app: app.id,
    platform,
    command,
    kind: event?.kind,
    stage: callback.stage,
    actor: textOf(event?.facts.get('actor.id')),
    target: event?.targets.length === 0 ? textOf(event.facts.get('target.id')) : undefined,
    group: textOf(event?.facts.get('group.id')),
    verdict: 'allow',
    rule: null,
    revision: decision.revision,
    ms: Math.round(ms * 1000) / 1000,
  };
  addSummary(line, decision, event, keeper);
  if (app.enforce === false) line.enforced = false;
  if (degraded !== undefined) line.degraded = degraded;
  if (shortfalls.length > 0) line.shortfalls = shortfalls;
  if (event !== undefined && event.targets.length > 0) line.targets = targetsOf(event, decision, keeper);
  if (event !== undefined) addKept(line, event, keeper);
  return line;
}

function textOf(value: FactValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The only ruling, or what several have in common. */
function addSummary(
  line: Draft<RulingFields>,
  decision: Decision,
  event: Event | undefined,
  keeper: FactKeeper,
): void {
  const { rulings } = decision;
  const [first] = rulings;
  if (first !== undefined && rulings.length === 1) {
    addRuling(line, first, event?.facts, keeper);
    return;
  }
  const deciders = new Set(rulings.map(({ decidedBy }) => decidedBy));
  const all = <T>(list: (ruling: Ruling) => readonly T[]): readonly T[] | undefined =>
    unlessEmpty([...new Set(rulings.flatMap(list))]);
  line.verdict = verdictOf(decision);
  line.rule = deciders.size === 1 ? (first?.decidedBy ?? null) : null;
  line.matched = all(({ matched }) => enforced(matched));
  line.tags = all(({ tags }) => tags);
  line.notify = all(({ notify }) => notify);
  line.strikes = all(({ strikes }) => strikes);
  line.labels = all(({ labels }) => labels);
}

function targetsOf(event: Event, { rulings }: Decision, keeper: FactKeeper): readonly TargetFields[] {
  return event.targets.flatMap(({ id, facts }, index) => {
    const ruling = rulings[index];
    if (ruling === undefined) return [];
    const fields: Draft<TargetFields> = { id, verdict: 'allow', rule: null };
    addRuling(fields, ruling, facts, keeper);
    const own = factsThatDiffer(event, facts, keeper);
    if (Object.keys(own).length > 0) fields.facts = own;
    return [fields];
  });
}

function addRuling(
  fields: Draft<RulingFields>,
  ruling: Ruling,
  facts: SyncFactSource | undefined,
  keeper: FactKeeper,
): void {
  const { verdict, decidedBy, matched, tags, notify, strikes, labels, errors, rewrites } = ruling;
  fields.verdict = verdict;
  fields.rule = decidedBy;
  if (matched.length > 0) {
    fields.matched = unlessEmpty(enforced(matched));
    fields.shadowed = unlessEmpty(shadowed(matched));
  }
  if (tags.length > 0) fields.tags = tags;
  if (notify.length > 0) fields.notify = notify;
  if (strikes.length > 0) fields.strikes = strikes;
  if (labels.length > 0) fields.labels = labels;
  if (rewrites.size > 0) fields.rewrites = rewritesOf(ruling, facts, keeper);
  if (errors.length > 0) fields.errors = errors;
}

function enforced(matched: readonly MatchedRule[]): readonly string[] {
  return matched.filter(({ mode }) => mode === 'enforce').map(({ rule }) => rule);
}

function shadowed(matched: readonly MatchedRule[]): readonly Readonly<Record<string, unknown>>[] {
  return matched.flatMap(({ rule, mode, would }) => {
    if (mode !== 'shadow') return [];
    if (would === undefined) return [{ rule }];
    const { verdict, rewrites, tags, notify, strikes = [], labels = [] } = would;
    return [
      {
        rule,
        verdict: verdict ?? undefined,
        rewrites: unlessEmpty(rewrites),
        tags: unlessEmpty(tags),
        notify: unlessEmpty(notify),
        strikes: unlessEmpty(strikes),
        labels: unlessEmpty(labels),
      },
    ];
  });
}

function rewritesOf(
  { rewrites }: Ruling,
  facts: SyncFactSource | undefined,
  keeper: FactKeeper,
): NonNullable<RulingFields['rewrites']> {
  const entries = [...rewrites].map(([fact, rewrite]) => {
    const value = applyRewrite(rewrite, facts?.get(fact));
    return [fact, (value === undefined ? undefined : keeper.show(fact, value)) ?? null] as const;
  });
  return Object.fromEntries(entries);
}

function addKept(line: Draft<DecisionLine>, { kind, facts }: Event, keeper: FactKeeper): void {
  const names = keeper.namesFor(kind);
  if (names.length === 0) return;
  line.facts = shownFacts(names, facts, keeper);
  line.kept = keeper.kept;
}

function shownFacts(names: readonly FactName[], facts: SyncFactSource, keeper: FactKeeper): Facts {
  const shown: Partial<Record<FactName, FactValue>> = {};
  for (const name of names) {
    const value = facts.get(name);
    const written = value === undefined ? undefined : keeper.show(name, value);
    if (written !== undefined) shown[name] = written;
  }
  return shown;
}

function factsThatDiffer({ kind, facts }: Event, own: SyncFactSource, keeper: FactKeeper): Facts {
  const names = keeper.namesFor(kind).filter((name) => !isSame(own.get(name), facts.get(name)));
  return shownFacts(names, own, keeper);
}

function isSame(left: FactValue | undefined, right: FactValue | undefined): boolean {
  return left === right || (typeof left === 'object' && JSON.stringify(left) === JSON.stringify(right));
}

/** An empty list is left out: JSON has no `undefined`. */
function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
