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
  readonly degraded?: FailureCause | 'unknown-command';
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
  readonly matched?: readonly string[];
  /** Shadow rules that matched, with what they would have done. */
  readonly shadowed?: readonly Readonly<Record<string, unknown>>[];
  readonly tags?: readonly string[];
  readonly notify?: readonly string[];
  /** What rewritten facts became; `null` where the value is left out. */
  readonly rewrites?: Readonly<Partial<Record<FactName, FactValue | null>>>;
  readonly errors?: readonly RuleError[];
}

/** What a line says about one of several targets. */
export interface TargetFields extends RulingFields {
  readonly id: string;
  /** Facts that differ from the event's. */
  readonly facts?: Facts;
}

/** One line, as JSON has it. */
export interface DecisionLine extends RulingFields {
  /** ISO 8601 in UTC. */
  readonly time: string;
  readonly id: string;
  readonly app: string;
  readonly platform: string;
  readonly command?: string;
  readonly kind?: Kind;
  readonly stage: Callback['stage'];
  readonly actor?: string;
  readonly target?: string;
  readonly group?: string;
  readonly revision: string;
  readonly ms: number;
  /** `false` where the reply was an allow whatever the verdict says. */
  readonly enforced?: false;
  readonly degraded?: DecisionEntry['degraded'];
  readonly shortfalls?: readonly Shortfall[];
  readonly targets?: readonly TargetFields[];
  readonly facts?: Facts;
  readonly kept?: Kept;
  /** Share of lines such as this one that are written. */
  readonly sample?: number;
}

/** Builds the line. @param now milliseconds since 1970 */
export function lineOf(entry: DecisionEntry, keeper: FactKeeper, now: number): DecisionLine {
  const { id, app, platform, callback, decision, ms, shortfalls, degraded } = entry;
  const event = callback.outcome.type === 'event' ? callback.outcome.event : undefined;
  const command = callback.command ?? callback.wireCommand?.slice(0, MAX_COMMAND);
  return {
    time: new Date(now).toISOString(),
    id,
    app: app.id,
    platform,
    ...(command !== undefined && { command }),
    ...(event && { kind: event.kind }),
    stage: callback.stage,
    ...(event && whoOf(event)),
    ...summaryOf(decision, event, keeper),
    revision: decision.revision,
    ms: Math.round(ms * 1000) / 1000,
    ...(app.enforce === false && { enforced: false }),
    ...(degraded !== undefined && { degraded }),
    ...(shortfalls.length > 0 && { shortfalls }),
    ...(event && event.targets.length > 0 && { targets: targetsOf(event, decision, keeper) }),
    ...(event && keptOf(event, keeper)),
  };
}

function whoOf({ facts, targets }: Event): Pick<DecisionLine, 'actor' | 'target' | 'group'> {
  const actor = facts.get('actor.id');
  const target = targets.length === 0 ? facts.get('target.id') : undefined;
  const group = facts.get('group.id');
  return {
    ...(typeof actor === 'string' && { actor }),
    ...(typeof target === 'string' && { target }),
    ...(typeof group === 'string' && { group }),
  };
}

/** The only ruling, or what several have in common. */
function summaryOf(decision: Decision, event: Event | undefined, keeper: FactKeeper): RulingFields {
  const { rulings } = decision;
  const [first] = rulings;
  if (first !== undefined && rulings.length === 1) return rulingFields(first, event?.facts, keeper);
  const deciders = new Set(rulings.map(({ decidedBy }) => decidedBy));
  const all = <T>(list: (ruling: Ruling) => readonly T[]): readonly T[] => [
    ...new Set(rulings.flatMap(list)),
  ];
  return {
    verdict: verdictOf(decision),
    rule: deciders.size === 1 ? (first?.decidedBy ?? null) : null,
    ...unlessEmpty(
      'matched',
      all(({ matched }) => enforced(matched)),
    ),
    ...unlessEmpty(
      'tags',
      all(({ tags }) => tags),
    ),
    ...unlessEmpty(
      'notify',
      all(({ notify }) => notify),
    ),
  };
}

function targetsOf(event: Event, { rulings }: Decision, keeper: FactKeeper): readonly TargetFields[] {
  return event.targets.flatMap(({ id, facts }, index) => {
    const ruling = rulings[index];
    if (ruling === undefined) return [];
    const own = factsThatDiffer(event, facts, keeper);
    return [
      { id, ...rulingFields(ruling, facts, keeper), ...(Object.keys(own).length > 0 && { facts: own }) },
    ];
  });
}

function rulingFields(ruling: Ruling, facts: SyncFactSource | undefined, keeper: FactKeeper): RulingFields {
  const { verdict, decidedBy, matched, tags, notify, errors, rewrites } = ruling;
  return {
    verdict,
    rule: decidedBy,
    ...unlessEmpty('matched', enforced(matched)),
    ...unlessEmpty('shadowed', shadowed(matched)),
    ...unlessEmpty('tags', tags),
    ...unlessEmpty('notify', notify),
    ...(rewrites.size > 0 && { rewrites: rewritesOf(ruling, facts, keeper) }),
    ...unlessEmpty('errors', errors),
  };
}

function enforced(matched: readonly MatchedRule[]): readonly string[] {
  return matched.filter(({ mode }) => mode === 'enforce').map(({ rule }) => rule);
}

function shadowed(matched: readonly MatchedRule[]): readonly Readonly<Record<string, unknown>>[] {
  return matched.flatMap(({ rule, mode, would }) => {
    if (mode !== 'shadow') return [];
    if (would === undefined) return [{ rule }];
    const { verdict, rewrites, tags, notify } = would;
    return [
      {
        rule,
        ...(verdict !== null && { verdict }),
        ...unlessEmpty('rewrites', rewrites),
        ...unlessEmpty('tags', tags),
        ...unlessEmpty('notify', notify),
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

function keptOf({ kind, facts }: Event, keeper: FactKeeper): Pick<DecisionLine, 'facts' | 'kept'> {
  const names = keeper.namesFor(kind);
  if (names.length === 0) return {};
  return { facts: shownFacts(names, facts, keeper), kept: keeper.kept };
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

function unlessEmpty<K extends string, T>(
  key: K,
  list: readonly T[],
): Readonly<Partial<Record<K, readonly T[]>>> {
  const field: Partial<Record<K, readonly T[]>> = {};
  if (list.length > 0) field[key] = list;
  return field;
}
