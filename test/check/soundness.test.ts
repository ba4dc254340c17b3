import { expect } from 'chai';
import fc from 'fast-check';
import type { Problem, ProblemCode } from '../../engine/problem.js';
import { eventOf, randomEvent, type RandomEvent } from '../engine/differential/random-events.js';
import type { DocumentData } from '../engine/differential/plain-engine.js';
import { randomDocument } from '../engine/differential/random-rules.js';
import { compileYaml, LENIENT } from '../support/rules.js';

const SAYS_NEVER: ReadonlySet<ProblemCode> = new Set(['never-matches', 'never-reached']);

/** The rule of which a problem says that it never has its turn. */
function neverOf({ code, message }: Problem): readonly string[] {
  const id = /^The rule `([^`]+)` (can|is) never/.exec(message)?.[1];
  return SAYS_NEVER.has(code) && id !== undefined ? [id] : [];
}

interface Outcome {
  readonly never: readonly string[];
  readonly matched: readonly string[];
}

async function outcomeOf(document: DocumentData, events: readonly RandomEvent[]): Promise<Outcome> {
  const { ruleSet, problems } = await compileYaml(JSON.stringify(document));
  if (ruleSet === null) throw new Error(problems.map(({ message }) => message).join('\n'));
  const decisions = await Promise.all(events.map(async (event) => ruleSet.decide(eventOf(event), LENIENT)));
  const rulings = decisions.flatMap((decision) => decision.rulings);
  return {
    never: problems.flatMap(neverOf),
    matched: rulings.flatMap((ruling) => ruling.matched.map(({ rule }) => rule)),
  };
}

describe('a rule of which it is said that it never matches or is never reached', () => {
  it('never does (property)', async () => {
    let said = 0;
    const events = fc.array(randomEvent, { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(randomDocument, events, async ({ tagging, deciding }, some) => {
        for (const document of [tagging, deciding]) {
          const { never, matched } = await outcomeOf(document, some);
          said += never.length;
          expect(matched.filter((id) => never.includes(id))).to.deep.equal([]);
        }
      }),
      { numRuns: 50 },
    );
    expect(said).to.be.greaterThan(0);
  });
});
