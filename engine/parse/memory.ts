/** Reads what rule files declare about what is remembered: counters, ladders and labels. */
import { leavesOf } from '../condition.js';
import { LONGEST, parseDuration } from '../duration.js';
import { factDefinition, type EventFactName } from '../facts.js';
import { factsOf, KIND_NAMES } from '../kinds.js';
import { labelOf, ladderOf, NO_MEMORY } from '../memory.js';
import type { Counter, LabelDefinition, Ladder, Memory, StateScope } from '../memory.js';
import { isStateFact } from '../state-facts.js';
import { parseCondition, readFactName, type Scope } from './conditions.js';
import type { MemoryNodes } from './definitions.js';
import { parseEvents, readStages } from './events.js';
import {
  problemAt,
  readEntries,
  readMapping,
  readText,
  readTexts,
  readWord,
  type Node,
  type Report,
} from './node.js';
import { COUNTER_SHAPE, LABEL_SHAPE, LADDER_SHAPE } from './shapes.js';

/** What the name of a counter, ladder or label looks like. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u;

/** What is declared. Conditions of counters are read later, since they may refer to conditions that name counters. */
export interface DeclaredMemory {
  readonly memory: Memory;
  readonly readConditions: (scope: Scope) => void;
}

export function declareMemory(documents: MemoryNodes, report: Report): DeclaredMemory {
  const counters = new Map<string, Counter>();
  const ladders = new Map<string, Ladder>();
  const labels = new Map<string, LabelDefinition>();
  const conditions: { readonly name: string; readonly node: Node }[] = [];
  for (const document of documents) {
    for (const [name, node] of named(document.counters, counters, 'counter', report)) {
      const { counter, where } = parseCounter(name, node, report) ?? {};
      if (counter === undefined) continue;
      counters.set(name, counter);
      if (where !== undefined) conditions.push({ name, node: where });
    }
    for (const [name, node] of named(document.ladders, ladders, 'ladder', report)) {
      ladders.set(name, parseLadder(name, node, report));
    }
    for (const [name, node] of named(document.labels, labels, 'label', report)) {
      labels.set(name, parseLabel(name, node, report));
    }
  }
  return {
    memory: { counters, ladders, labels },
    readConditions(scope) {
      for (const { name, node } of conditions) {
        const counter = counters.get(name);
        const where = parseWhere(node, scope, report);
        if (counter !== undefined && where !== undefined) counters.set(name, { ...counter, where });
      }
    },
  };
}

function named(
  node: Node | undefined,
  known: ReadonlyMap<string, unknown>,
  what: string,
  report: Report,
): readonly (readonly [name: string, node: Node])[] {
  if (node === undefined) return [];
  return readEntries(node, report).filter(([name, member]) => {
    if (!NAME.test(name)) {
      const hint = 'Letters, digits, `-` and `_`.';
      report(
        problemAt(member, 'wrong-value', `\`${name}\` cannot be the name of a ${what}.`, {
          hint,
          atKey: true,
        }),
      );
      return false;
    }
    if (!known.has(name)) return true;
    report(problemAt(member, 'duplicate-id', `There is already a ${what} \`${name}\`.`, { atKey: true }));
    return false;
  });
}

function parseCounter(
  name: string,
  node: Node,
  report: Report,
): { readonly counter: Counter; readonly where: Node | undefined } | undefined {
  const members = readMapping(node, COUNTER_SHAPE, 'a counter', report);
  if (members === undefined) return undefined;
  readDescription(members.description, report);
  const kinds = members.on === undefined ? undefined : parseEvents(members.on, report)?.kinds;
  const stages = members.stage === undefined ? (['before'] as const) : readStages(members.stage, report);
  const by = members.by === undefined ? undefined : readBy(members.by, report);
  const window = members.window === undefined ? undefined : readDuration(members.window, report);
  const distinct = members.distinct === undefined ? null : readDistinct(members.distinct, report);
  const counts =
    members.count === undefined ? 'attempts' : readWord(members.count, ['attempts', 'allowed'], report);
  const scope = readScope(members.scope, report);
  if (kinds === undefined || stages === undefined || by === undefined || window === undefined)
    return undefined;
  if (distinct === undefined || counts === undefined) return undefined;
  for (const fact of [...by, ...(distinct === null ? [] : [distinct])]) {
    if (kinds.some((kind) => factsOf(kind).has(fact))) continue;
    const carriers = KIND_NAMES.filter((kind) => factsOf(kind).has(fact)).slice(0, 6);
    const hint = `It belongs to ${carriers.join(', ')}.`;
    report(
      problemAt(node, 'fact-not-in-kind', `The events of this counter never carry \`${fact}\`.`, { hint }),
    );
  }
  const counter: Counter = { name, kinds, stages, by, distinct, window, where: null, counts, scope };
  return { counter, where: members.where };
}

function readDescription(node: Node | undefined, report: Report): void {
  if (node !== undefined) readText(node, report);
}

function readScope(node: Node | undefined, report: Report): StateScope {
  return (node === undefined ? undefined : readWord(node, ['app', 'all'], report)) ?? 'app';
}

function parseLadder(name: string, node: Node, report: Report): Ladder {
  const standard = ladderOf(NO_MEMORY, name);
  const members = node.value === null ? {} : readMapping(node, LADDER_SHAPE, 'a ladder', report);
  readDescription(members?.description, report);
  return {
    name,
    by: (members?.by === undefined ? undefined : readSubject(members.by, report)) ?? standard.by,
    decay: (members?.decay === undefined ? undefined : readDuration(members.decay, report)) ?? standard.decay,
    scope: readScope(members?.scope, report),
  };
}

function parseLabel(name: string, node: Node, report: Report): LabelDefinition {
  const members = node.value === null ? {} : readMapping(node, LABEL_SHAPE, 'a label', report);
  readDescription(members?.description, report);
  return { ...labelOf(NO_MEMORY, name), scope: readScope(members?.scope, report) };
}

/** Reads a length of time. @returns milliseconds */
export function readDuration(node: Node, report: Report): number | undefined {
  const text = readText(node, report);
  if (text === undefined) return undefined;
  const length = parseDuration(text);
  if (length === undefined) {
    const hint = `A whole number and s, m, h or d, up to ${LONGEST / 86_400_000}d: 30s, 10m, 1h, 7d.`;
    report(problemAt(node, 'wrong-value', `\`${text}\` is not a length of time.`, { hint }));
  }
  return length;
}

/** Reads the facts that say whose count is meant. One of them may be a list. */
export function readBy(node: Node, report: Report): readonly EventFactName[] | undefined {
  const facts = readFacts(node, report);
  if (facts === undefined) return undefined;
  if (facts.filter((fact) => factDefinition(fact).type === 'strings').length <= 1) return facts;
  report(problemAt(node, 'wrong-operand', 'Only one of the facts in `by` can be a list.'));
  return undefined;
}

/** Reads the facts that say whose strikes or label is meant. */
export function readSubject(node: Node, report: Report): readonly EventFactName[] | undefined {
  const facts = readFacts(node, report);
  const list = facts?.find((fact) => factDefinition(fact).type === 'strings');
  if (list === undefined) return facts;
  report(problemAt(node, 'wrong-operand', `\`${list}\` is a list; whose it is must be one value.`));
  return undefined;
}

function readFacts(node: Node, report: Report): readonly EventFactName[] | undefined {
  const texts = readTexts(node, report);
  const facts = texts.map((text) => readFactName(text, report));
  if (facts.length === 0 || !facts.every((fact) => fact !== undefined)) return undefined;
  return [...new Set(facts)];
}

function readDistinct(node: Node, report: Report): EventFactName | undefined {
  const fact = readFactName(node, report);
  if (fact === undefined || factDefinition(fact).type !== 'strings') return fact;
  report(problemAt(node, 'wrong-operand', `\`${fact}\` is a list; \`distinct\` takes one value.`));
  return undefined;
}

function parseWhere(node: Node, scope: Scope, report: Report): Counter['where'] | undefined {
  const condition = parseCondition(node, scope, report);
  if (condition === undefined) return undefined;
  const facts = [...leavesOf(condition)].flatMap(({ fact, right }) =>
    right.type === 'fact' ? [fact, right.fact] : [fact],
  );
  const remembered = facts.find(isStateFact);
  if (remembered === undefined) return condition;
  const hint = 'Only facts of the event are possible here.';
  report(problemAt(node, 'unknown-fact', `A counter cannot look at \`${remembered}\`.`, { hint }));
  return undefined;
}
