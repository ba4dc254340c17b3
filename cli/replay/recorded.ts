/** A line of the decision log, read back: what happened, and what was decided. */
import { messageOccurrence } from '../../adapters/index.js';
import type { Verdict } from '../../engine/decision.js';
import type { Event, SyncFactSource } from '../../engine/event.js';
import {
  factDefinition,
  isFactName,
  type FactName,
  type FactType,
  type FactValue,
} from '../../engine/facts.js';
import { KIND_NAMES, type Kind, type Stage } from '../../engine/kinds.js';
import { isStateFact } from '../../engine/state-facts.js';
import { knownFacts, LINE_FACTS, type Kept } from '../../server/decision-log/kept-facts.js';
import { isList, isRecord, type JsonRecord } from '../../store/data.js';

/** What was decided about one target. */
export interface RecordedRuling {
  readonly verdict: Verdict;
  readonly rule: string | null;
  readonly matched: readonly string[];
  /** What became of rewritten facts; `null` where the line does not tell. */
  readonly rewrites: ReadonlyMap<FactName, FactValue | null>;
}

export interface Recorded {
  readonly id: string;
  readonly time: string;
  /** The same in milliseconds since 1970. */
  readonly at: number;
  /** Whether what rules gave besides verdicts was kept then. */
  readonly isEnforced: boolean;
  readonly app: string;
  readonly event: Event;
  /** One per target of the event, or one. */
  readonly rulings: readonly RecordedRuling[];
  /** Facts that were asked for and that the line does not tell. */
  readonly missing: ReadonlySet<FactName>;
}

/** A line, or why it cannot be judged again. */
export type ReadLine = Recorded | { readonly reason: string };

const VERDICTS: readonly Verdict[] = ['allow', 'refuse', 'discard'];
const STAGES: readonly Stage[] = ['before', 'after'];
const LINE_FACT_NAMES = Object.keys(LINE_FACTS).filter(isFactName);

const NOT_A_DECISION = { reason: 'it is no line of a decision log' };

/** Reads a line. Never throws. */
export function readLine(text: string): ReadLine {
  const line = parseObject(text);
  if (line === undefined) return NOT_A_DECISION;
  const { id, time, app, kind, stage, degraded } = line;
  if (typeof id !== 'string' || typeof time !== 'string' || typeof app !== 'string') return NOT_A_DECISION;
  const at = Date.parse(time);
  if (Number.isNaN(at)) return NOT_A_DECISION;
  if (typeof degraded === 'string')
    return { reason: `it was not judged by rules (${degraded.slice(0, 40)})` };
  if (!isOneOf(kind, KIND_NAMES) || !isOneOf(stage, STAGES)) return NOT_A_DECISION;
  return readDecision(line, { id, time, at, app, kind, stage }) ?? NOT_A_DECISION;
}

function readDecision(
  line: JsonRecord,
  about: { id: string; time: string; at: number; app: string; kind: Kind; stage: Stage },
): Recorded | undefined {
  const missing = new Set<FactName>();
  const known = knownIn(line['kept']);
  const own = factsOf(line);
  const facts = sourceOf(own, known, missing);
  const { kind, stage, ...rest } = about;
  const parts = isList(line['targets']) ? line['targets'].filter(isRecord) : [];
  const rulings = (parts.length === 0 ? [line] : parts).map(readRuling);
  if (!rulings.every((ruling) => ruling !== undefined)) return undefined;
  const targets = parts.map((part) => {
    const id = typeof part['id'] === 'string' ? part['id'] : '';
    const ofTarget = new Map([...own, ...valuesIn(part['facts']), ['target.id', id] as const]);
    return { id, facts: sourceOf(ofTarget, known, missing) };
  });
  // Asked of what the line has: that it does not keep the ID is no reason not to judge it.
  const occurrence = (): string => messageOccurrence(kind, own) ?? about.id;
  const isEnforced = line['enforced'] !== false;
  return { ...rest, isEnforced, event: { kind, stage, facts, targets, occurrence }, rulings, missing };
}

function readRuling(part: JsonRecord): RecordedRuling | undefined {
  const { verdict, rule, matched, rewrites } = part;
  if (!isOneOf(verdict, VERDICTS)) return undefined;
  return {
    verdict,
    rule: typeof rule === 'string' ? rule : null,
    matched: isList(matched) ? matched.filter((id) => typeof id === 'string') : [],
    rewrites: new Map(
      Object.entries(isRecord(rewrites) ? rewrites : {}).flatMap(([name, value]) =>
        isFactName(name) ? [[name, valueOf(name, value) ?? null] as const] : [],
      ),
    ),
  };
}

/** The facts that a line tells: under names of its own, and as facts. */
function factsOf(line: JsonRecord): ReadonlyMap<FactName, FactValue> {
  const named = Object.entries(LINE_FACTS).map(([fact, key]) => [fact, line[key]]);
  return new Map([...valuesIn(Object.fromEntries(named)), ...valuesIn(line['facts'])]);
}

function valuesIn(data: unknown): readonly (readonly [FactName, FactValue])[] {
  if (!isRecord(data)) return [];
  return Object.entries(data).flatMap(([name, value]) => {
    const read = isFactName(name) ? valueOf(name, value) : undefined;
    return isFactName(name) && read !== undefined ? [[name, read] as const] : [];
  });
}

const READERS: Readonly<Record<FactType, (value: unknown) => FactValue | undefined>> = {
  string: (value) => (typeof value === 'string' ? value : undefined),
  number: (value) => (typeof value === 'number' ? value : undefined),
  time: (value) => (typeof value === 'number' ? value : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  strings: (value) =>
    isList(value) && value.every((item) => typeof item === 'string') ? value.map(String) : undefined,
};

function valueOf(fact: FactName, value: unknown): FactValue | undefined {
  return READERS[factDefinition(fact).type](value);
}

const ALWAYS_KNOWN: ReadonlySet<FactName> = new Set(LINE_FACT_NAMES);

/** The last answer: lines of one log keep the same facts. */
let lastKnown: { readonly key: string; readonly facts: ReadonlySet<FactName> } | undefined;

/** Facts of which a line tells even that they were absent. */
function knownIn(kept: unknown): ReadonlySet<FactName> {
  if (!isRecord(kept)) return ALWAYS_KNOWN;
  const key = JSON.stringify(kept);
  if (lastKnown?.key !== key) {
    lastKnown = { key, facts: new Set([...LINE_FACT_NAMES, ...knownFacts(readKept(kept))]) };
  }
  return lastKnown.facts;
}

function readKept({ facts, text }: JsonRecord): Kept {
  return {
    facts: isList(facts) ? facts.filter((name) => typeof name === 'string') : [],
    text: text === 'full' || text === 'hash' ? text : 'none',
  };
}

function sourceOf(
  facts: ReadonlyMap<FactName, FactValue>,
  known: ReadonlySet<FactName>,
  missing: Set<FactName>,
): SyncFactSource {
  return {
    get(name) {
      if (known.has(name)) return facts.get(name);
      if (isStateFact(name)) return undefined;
      missing.add(name);
      return undefined;
    },
  };
}

function parseObject(text: string): JsonRecord | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return isRecord(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function isOneOf<T extends string>(value: unknown, values: readonly T[]): value is T {
  return values.some((one) => one === value);
}
