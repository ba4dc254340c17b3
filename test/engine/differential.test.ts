import { expect } from 'chai';
import fc from 'fast-check';
import type { Ruling } from '../../engine/decision.js';
import { LENIENT, ruleSetOf } from '../support/rules.js';
import { holdingRules, type DocumentData, type RuleData } from './differential/plain-engine.js';
import { eventOf, randomEvent, type RandomEvent } from './differential/random-events.js';
import { randomDocument } from './differential/random-rules.js';

/** Events that are judged by one rule set, at the same time. */
const EVENTS = 40;
/** A comparison is one target of one event, judged by all rules of a set; this many at least. */
const COMPARISONS = Number(process.env['CALLGATE_DIFFERENTIAL_RUNS'] ?? 20_000);

type Outcome = Pick<Ruling, 'verdict' | 'decidedBy' | 'tags' | 'errors'> & {
  readonly matched: readonly string[];
};

function outcomeOf(ruling: Ruling | undefined): Outcome | undefined {
  if (ruling === undefined) return undefined;
  const { verdict, decidedBy, tags, errors, matched } = ruling;
  return { verdict, decidedBy, tags, errors, matched: matched.map(({ rule }) => rule) };
}

/** What first-match-decides makes of the rules that hold. */
function expectedOutcome(
  { rules }: DocumentData,
  { kind, stage }: RandomEvent,
  holding: ReadonlySet<string>,
): Outcome {
  const matched: string[] = [];
  const tags: string[] = [];
  const inOrder = [...rules].sort((left, right) => right.priority - left.priority);
  for (const rule of inOrder) {
    if (rule.mode === 'off' || !holding.has(rule.id) || !concerns(rule, kind, stage)) continue;
    matched.push(rule.id);
    if (rule.mode === 'shadow') continue;
    tags.push(String(rule.then['tag']));
    const verdict = verdictOf(rule);
    if (verdict !== undefined) return { verdict, decidedBy: rule.id, tags, matched, errors: [] };
  }
  return { verdict: LENIENT.default, decidedBy: null, tags, matched, errors: [] };
}

const verdictOf = ({ then }: RuleData): Ruling['verdict'] | undefined =>
  (['allow', 'refuse', 'discard'] as const).find((verdict) => verdict in then);

function concerns(rule: RuleData, kind: string, stage: string): boolean {
  const wanted = rule.stage ?? (verdictOf(rule) === undefined ? 'any' : 'before');
  const isOfKind = [rule.on]
    .flat()
    .some((pattern) => pattern === kind || (pattern.endsWith('*') && kind.startsWith(pattern.slice(0, -1))));
  return isOfKind && (wanted === 'any' || wanted === stage);
}

/** Judges all events at the same time. */
async function rulingsOf(
  document: DocumentData,
  events: readonly RandomEvent[],
): Promise<readonly (readonly Ruling[])[]> {
  const ruleSet = await ruleSetOf(JSON.stringify(document));
  return Promise.all(events.map(async (event) => (await ruleSet.decide(eventOf(event), LENIENT)).rulings));
}

describe('index, predicates and judge together', () => {
  it(`decide like json-rules-engine alone, over random rules and events (property)`, async function () {
    this.timeout(20_000 + COMPARISONS * 10);
    let compared = 0;
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(
        randomDocument,
        fc.array(randomEvent, { minLength: EVENTS, maxLength: EVENTS }),
        async ({ tagging, deciding }, events) => {
          const [tagged, decided] = await Promise.all([
            rulingsOf(tagging, events),
            rulingsOf(deciding, events),
          ]);
          for (const [index, event] of events.entries()) {
            for (const [target, facts] of event.targets.entries()) {
              const holding = await holdingRules(tagging, facts);
              const expected = expectedOutcome(tagging, event, holding);
              const about = JSON.stringify({ ...event, targets: [facts] });
              expect(outcomeOf(tagged[index]?.[target]), about).to.deep.equal(expected);
              const decision = expectedOutcome(deciding, event, holding);
              expect(outcomeOf(decided[index]?.[target]), about).to.deep.equal(decision);
              compared += 1;
              matched += expected.matched.length;
            }
          }
        },
      ),
      { numRuns: Math.ceil(COMPARISONS / EVENTS) },
    );
    expect(compared).to.be.at.least(COMPARISONS);
    expect(matched, 'rules and events must meet often').to.be.above(compared / 4);
  });
});
