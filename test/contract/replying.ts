/** The half of the contract that is about replying: decisions to replies. */
import { expect } from 'chai';
import { adapterFor, type App, type Callback, type JsonObject, type Reply } from '../../adapters/index.js';
import type { Capability } from '../../engine/capability.js';
import { plainRuling, type Rewrite, type Ruling } from '../../engine/decision.js';
import { factDefinition, type FactName } from '../../engine/facts.js';
import { factsOf } from '../../engine/kinds.js';
import type { CatalogEntry, RewriteExpectation } from './catalog.js';
import {
  BRACKETS,
  decisionOf,
  PATTERNS,
  REFUSAL,
  rulingsOf,
  sampleOf,
  VERDICTS,
  withRewrites,
} from './decisions.js';
import { replyProblems } from './shape.js';
import type { Wire } from './wire.js';

/** A command's example, read under one app, ready to be replied to. */
export class Exchange {
  readonly callback: Callback;
  readonly #adapter;

  constructor(
    readonly entry: CatalogEntry,
    readonly wire: Wire,
    readonly app: App,
    body: unknown,
  ) {
    this.#adapter = adapterFor(app);
    const { command, spec } = entry;
    this.callback = this.#adapter.read(wire.requestOf({ command, spec, body }));
  }

  /** IDs of the targets that are judged one by one. */
  get targetIds(): readonly string[] {
    const { outcome } = this.callback;
    return outcome.type === 'event' ? outcome.event.targets.map(({ id }) => id) : [];
  }

  /** Renders, and checks whatever must hold for every reply. */
  reply(rulings: readonly Ruling[]): Reply {
    const { spec } = this.entry;
    const reply = this.#adapter.render(this.callback, decisionOf(rulings));
    const fields = this.wire.replyFields(spec, this.app);
    expect(replyProblems({ spec, fields, request: this.callback.body }, reply.body)).to.deep.equal([]);
    expect(JSON.parse(JSON.stringify(reply.body)), 'survives JSON').to.deep.equal(reply.body);
    const codes = this.wire.refusalCodes(spec, reply.body);
    const range = spec.codes.customRange;
    const isKnown = (code: number): boolean =>
      code === spec.codes.refuse || (range !== null && code >= range[0] && code <= range[1]);
    expect(
      codes.filter((code) => !isKnown(code)),
      'codes of refusal',
    ).to.deep.equal([]);
    if (spec.stage === 'after') expect(codes, 'an after-callback is never refused').to.deep.equal([]);
    return reply;
  }

  /** The documented reply to rulings without rewrites. */
  exactly(rulings: readonly Ruling[]): JsonObject {
    const { entry, wire, app, targetIds } = this;
    return wire.exactReply({ entry, body: entry.example, rulings, targetIds }, app);
  }
}

function describeVerdicts(exchange: Exchange, capability: Capability): void {
  const { entry, wire } = exchange;
  const count = exchange.targetIds.length;

  for (const verdict of VERDICTS) {
    it(`gives the exact documented reply to ${verdict}, for no, one and every target`, () => {
      for (const pattern of PATTERNS) {
        const rulings = rulingsOf(verdict, pattern, count);
        expect(exchange.reply(rulings).body, `${verdict} ${pattern}`).to.deep.equal(
          exchange.exactly(rulings),
        );
      }
    });
  }

  it('echoes on allow what would be lost, and nothing that would do harm', () => {
    const { spec, example } = entry;
    const { body, shortfalls } = exchange.reply([plainRuling('allow')]);
    expect(shortfalls).to.deep.equal([]);
    const echoes = spec.mustEcho ?? [];
    expect(echoes.map((name) => body[name])).to.deep.equal(echoes.map((name) => example[name]));
    const harmful = [...(spec.mustNotEcho ?? []), ...(spec.mustNotSend ?? [])];
    expect(harmful.filter((name) => Object.hasOwn(body, name))).to.deep.equal([]);
  });

  it('reports a verdict that it cannot carry', () => {
    for (const verdict of ['refuse', 'discard'] as const) {
      const { shortfalls } = exchange.reply(rulingsOf(verdict, 'all', count));
      const carries = verdict === 'refuse' ? capability.refuse : capability.discard;
      const told = shortfalls.map(({ effect }) => effect);
      if (carries) expect(told, verdict).to.not.include(verdict);
      else expect(told, verdict).to.include(verdict);
    }
  });

  it("takes a rule's own code only within the command's range", () => {
    const { inside, outside } = wire.ownCodes(entry.spec);
    const refuse = (code: number): JsonObject =>
      exchange.reply(rulingsOf('refuse', 'all', count, { ...REFUSAL, codes: { [wire.platform]: code } }))
        .body;
    if (capability.refuse && inside !== null)
      expect(JSON.stringify(refuse(inside))).to.include(String(inside));
    refuse(outside);
  });
}

function rewriting(fact: FactName, rewrite: Rewrite, count: number): readonly Ruling[] {
  return withRewrites(rulingsOf('allow', 'none', count), new Map([[fact, rewrite]]));
}

function describeRewrite(exchange: Exchange, fact: FactName, expected: RewriteExpectation): void {
  const count = exchange.targetIds.length;
  const plain = exchange.exactly(rulingsOf('allow', 'none', count));

  it(`replaces ${fact} as documented`, () => {
    const { body, shortfalls } = exchange.reply(rewriting(fact, { set: expected.set }, count));
    expect(body).to.deep.equal({ ...plain, ...expected.reply });
    expect(shortfalls.length > 0, 'is reported').to.equal(expected.isShort === true);
  });

  if (expected.edited === undefined) return;
  it(`edits ${fact} as documented`, () => {
    const { body } = exchange.reply(rewriting(fact, BRACKETS, count));
    expect(body).to.deep.equal({ ...plain, ...expected.edited });
  });
}

function describeRewrites(exchange: Exchange, capability: Capability): void {
  const { expected, spec } = exchange.entry;
  const count = exchange.targetIds.length;
  const documented = Object.entries(expected.rewrites ?? {}) as [FactName, RewriteExpectation][];

  it('offers to replace exactly the facts that the documents let a reply replace', () => {
    expect([...capability.rewrites].sort()).to.deep.equal(documented.map(([fact]) => fact).sort());
  });

  for (const [fact, expectation] of documented) describeRewrite(exchange, fact, expectation);

  it('stays within the documents whatever verdict and rewrite come together', () => {
    const facts = [...capability.rewrites];
    const sets = new Map(facts.map((fact): [FactName, Rewrite] => [fact, { set: sampleOf(fact) }]));
    const edits = new Map(facts.map((fact): [FactName, Rewrite] => [fact, BRACKETS]));
    const one = [...sets, ...edits].map((rewrite) => new Map([rewrite]));
    for (const rewrites of [...one, sets, edits]) {
      for (const verdict of VERDICTS) {
        for (const pattern of PATTERNS) {
          exchange.reply(withRewrites(rulingsOf(verdict, pattern, count), rewrites));
        }
      }
    }
  });

  it('leaves out a rewrite that it cannot carry, and reports it', () => {
    const facts = [...factsOf(expected.kind)].filter(
      (fact) =>
        factDefinition(fact).type === 'string' &&
        !capability.rewrites.has(fact) &&
        !capability.rewritesElsewhere.has(fact),
    );
    for (const fact of facts) {
      const { body, shortfalls } = exchange.reply(rewriting(fact, { set: sampleOf(fact) }, count));
      expect(body, fact).to.deep.equal(exchange.exactly(rulingsOf('allow', 'none', count)));
      expect(shortfalls.map(({ effect }) => effect).join(), spec.stage).to.include(fact);
    }
  });
}

/** What replying must be like for one command under one app. */
export function describeReplying(exchange: Exchange, capability: Capability): void {
  describeVerdicts(exchange, capability);
  describeRewrites(exchange, capability);

  it('applies a single ruling to every target, as a failure policy gives it', () => {
    const count = exchange.targetIds.length;
    for (const verdict of ['allow', 'refuse'] as const) {
      const { body } = exchange.reply([plainRuling(verdict, REFUSAL)]);
      expect(body, verdict).to.deep.equal(exchange.exactly(rulingsOf(verdict, 'all', count)));
    }
  });
}
