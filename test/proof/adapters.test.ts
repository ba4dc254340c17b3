import { expect } from 'chai';
import fc from 'fast-check';
import { adapterFor, type App } from '../../adapters/index.js';
import {
  FAILURE_REFUSAL,
  plainRuling,
  type Refusal,
  type Rewrite,
  type Ruling,
} from '../../engine/decision.js';
import { FACT_NAMES, type FactName } from '../../engine/facts.js';
import { decisionOf, VERDICTS } from '../contract/decisions.js';
import { replyProblems } from '../contract/shape.js';
import { jsonTexts, mutantsOf } from './hostile-json.js';
import { bodyOf, OPENIM, TENCENT, verdictOf, type Caller } from './platform.js';

const RUNS = 1_000;

const refusals: fc.Arbitrary<Refusal> = fc.record({
  reason: fc.integer({ min: 1, max: 99 }),
  codes: fc.constantFrom<Refusal['codes']>(
    {},
    { openim: 0 },
    { openim: 2 ** 40, tencent: -1 },
    { tencent: 120_005 },
  ),
  message: fc.string({ unit: 'binary', maxLength: 300 }),
  detail: fc.string({ unit: 'binary' }),
});

const rewrites: fc.Arbitrary<Rewrite> = fc.oneof(
  fc
    .oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }))
    .map((set): Rewrite => ({ set })),
  fc.constantFrom<Rewrite>({ edit: (text) => `[${text}]` }, { edit: () => '' }),
);

const rulings: fc.Arbitrary<Ruling> = fc
  .tuple(
    fc.constantFrom(...VERDICTS),
    refusals,
    fc.array(fc.tuple(fc.constantFrom<FactName>(...FACT_NAMES), rewrites), { maxLength: 4 }),
  )
  .map(([verdict, refusal, changes]) => ({ ...plainRuling(verdict, refusal), rewrites: new Map(changes) }));

/** A call of a command whose body is anything, or its example with some damage. */
function callsOf({ catalog }: Caller) {
  return fc
    .constantFrom(...catalog)
    .chain((entry) => fc.tuple(fc.constant(entry), fc.oneof(jsonTexts, mutantsOf(entry.example))));
}

for (const [name, caller] of Object.entries<Caller>({ OpenIM: OPENIM, 'Tencent Cloud Chat': TENCENT })) {
  const { wire } = caller;
  const apps: readonly App[] = wire.profiles.map(({ app }) => app);

  describe(`the adapter of ${name}, given any JSON`, () => {
    it('renders any rulings with the fields and types of the command, and refuses nothing afterwards', () => {
      const cases = fc.tuple(callsOf(caller), fc.array(rulings, { minLength: 1, maxLength: 3 }));
      const property = fc.property(cases, ([[{ command, spec }, text], few]) => {
        const body: unknown = JSON.parse(text);
        for (const app of apps) {
          const adapter = adapterFor(app);
          const callback = adapter.read(wire.requestOf({ command, spec, body }));
          const targets = callback.outcome.type === 'event' ? callback.outcome.event.targets : [];
          const each = targets.map((_, index) => few[index % few.length] ?? plainRuling('allow'));
          const reply = adapter.render(callback, decisionOf(targets.length === 0 ? few.slice(0, 1) : each));
          const request = bodyOf(text) ?? {};
          const sent = bodyOf(JSON.stringify(reply.body)) ?? {};
          expect(replyProblems({ spec, fields: wire.replyFields(spec, app), request }, sent)).to.deep.equal(
            [],
          );
          if (spec.stage === 'after') expect(wire.refusalCodes(spec, sent)).to.deep.equal([]);
        }
      });
      fc.assert(property, { numRuns: RUNS });
    });

    it('says of what it cannot read exactly what the failure policy says', () => {
      const property = fc.property(callsOf(caller), ([entry, text]) => {
        const { command, spec } = entry;
        for (const app of apps) {
          const adapter = adapterFor(app);
          const callback = adapter.read(wire.requestOf({ command, spec, body: JSON.parse(text) as unknown }));
          if (callback.outcome.type !== 'failure') continue;
          for (const policy of ['allow', 'refuse'] as const) {
            const { body } = adapter.render(callback, decisionOf([plainRuling(policy, FAILURE_REFUSAL)]));
            const verdict = spec.stage === 'after' ? 'allow' : policy;
            expect(verdictOf(caller, entry, body), `${command} of ${app.id}`).to.equal(verdict);
          }
        }
      });
      fc.assert(property, { numRuns: RUNS });
    });
  });
}
