/** Events that are given as facts instead of as a request. */
import { capabilitiesOf, PLATFORM_NAMES, type App } from '../../adapters/index.js';
import type { Event, Target } from '../../engine/event.js';
import { factDefinition, type FactName, type FactValue } from '../../engine/facts.js';
import { factsOf, isKind, KIND_NAMES, type Kind, type Stage } from '../../engine/kinds.js';
import { hintFor } from '../../engine/nearest.js';
import { parseGiven as parseFacts } from '../../engine/parse/examples.js';
import {
  childOf,
  describe,
  problemAt,
  readList,
  readText,
  type Node,
  type Report,
} from '../../engine/parse/node.js';
import type { Memory } from '../../engine/memory.js';
import type { DecisionPolicy } from '../../engine/rule-set.js';
import { isStateFact } from '../../engine/state-facts.js';
import { isRecord } from '../../store/data.js';

const TARGETS = 'targets';

type Facts = ReadonlyMap<FactName, FactValue>;

/** Names that facts may have besides those of events. */
export interface GivenScope {
  readonly memory: Memory;
}

/**
 * Reads an event: a mapping of facts, `event.kind` among them, and `targets` when it has a list of
 * them: user IDs, or mappings of the facts that differ. Counts, strikes and labels have plain names
 * (`count.sends`), and are the same whoever's they are.
 *
 * @param clock the time of the event unless `event.time` is given
 * @returns `undefined` after at least one report
 */
export function parseGiven(node: Node, clock: number, scope: GivenScope, report: Report): Event | undefined {
  if (!isRecord(node.value)) {
    report(problemAt(node, 'wrong-type', `Expected facts and their values, found ${describe(node.value)}.`));
    return undefined;
  }
  const { [TARGETS]: targets, ...own } = node.value;
  const facts = parseFacts({ ...node, value: own }, scope, report);
  const kind = kindOf(node, facts, report);
  if (kind === undefined) return undefined;
  const stage = stageOf(kind, facts);
  checkFacts(node, kind, facts, report);
  const shared: Facts = new Map<FactName, FactValue>([
    ['event.time', clock],
    ...facts,
    ['event.stage', stage],
  ]);
  const list =
    targets === undefined ? [] : parseTargets(childOf(node, TARGETS, targets), kind, scope, report);
  if (list.length === 0) return { kind, stage, facts: shared, targets: [] };
  return eventWithTargets(kind, stage, shared, list);
}

function kindOf(node: Node, facts: Facts, report: Report): Kind | undefined {
  const name = facts.get('event.kind');
  if (typeof name !== 'string') {
    if (!isRecord(node.value) || node.value['event.kind'] === undefined) {
      const hint = 'For example `event.kind: message.send`.';
      report(problemAt(node, 'missing-key', '`event.kind` is missing.', { hint }));
    }
    return undefined;
  }
  if (isKind(name)) return name;
  const place = childOf(node, 'event.kind', name);
  report(
    problemAt(place, 'unknown-kind', `Unknown event kind \`${name}\`.`, { hint: hintFor(name, KIND_NAMES) }),
  );
  return undefined;
}

/** The stage that is given, else `before` where some platform asks before such an event. */
function stageOf(kind: Kind, facts: Facts): Stage {
  const given = facts.get('event.stage');
  if (given !== undefined) return given === 'after' ? 'after' : 'before';
  const isAsked = PLATFORM_NAMES.flatMap(capabilitiesOf).some(
    (capability) => capability.kind === kind && capability.stage === 'before',
  );
  return isAsked ? 'before' : 'after';
}

function checkFacts(node: Node, kind: Kind, facts: Facts, report: Report): void {
  for (const [fact, value] of facts) {
    if (isStateFact(fact)) continue;
    const place = childOf(node, fact, value);
    const { values } = factDefinition(fact);
    if (!factsOf(kind).has(fact)) {
      const message = `Events of the kind \`${kind}\` never carry \`${fact}\`.`;
      report(problemAt(place, 'fact-not-in-kind', message, { atKey: true }));
    } else if (values !== undefined && typeof value === 'string' && !values.includes(value)) {
      const message = `\`${fact}\` is never \`${value}\`.`;
      report(problemAt(place, 'wrong-value', message, { hint: hintFor(value, values) }));
    }
  }
}

function parseTargets(node: Node, kind: Kind, scope: GivenScope, report: Report): readonly Facts[] {
  return (readList(node, report) ?? []).flatMap((item) => {
    if (!isRecord(item.value)) {
      const id = readText(item, report);
      return id === undefined ? [] : [new Map<FactName, FactValue>([['target.id', id]])];
    }
    const facts = parseFacts(item, scope, report);
    checkFacts(item, kind, facts, report);
    return [facts];
  });
}

/** As adapters do it: a target sees its own facts first, the event those of the first target. */
function eventWithTargets(kind: Kind, stage: Stage, shared: Facts, list: readonly Facts[]): Event {
  const ids = list.map((facts) => String(facts.get('target.id') ?? ''));
  const common = new Map<FactName, FactValue>([['target.ids', ids.filter((id) => id !== '')], ...shared]);
  const targets = list.map((own, index): Target => ({
    id: ids[index] ?? '',
    facts: new Map([...common, ...own]),
  }));
  return { kind, stage, facts: new Map([...common, ...(list[0] ?? [])]), targets };
}

/** What holds where no rule decides: settings of the app that the facts name, else of the app's platform. */
export function policyFor({ facts }: Pick<Event, 'facts'>, apps: readonly App[]): App | DecisionPolicy {
  const [id, platform] = [facts.get('app.id'), facts.get('platform')];
  const app =
    apps.find((candidate) => candidate.id === id) ??
    apps.find((candidate) => candidate.platform === platform);
  return app ?? { default: 'allow', onFailure: 'allow' };
}
