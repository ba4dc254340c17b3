/** The half of the contract that is about reading: bodies to events. */
import { expect } from 'chai';
import { adapterFor, type Adapter, type JsonObject } from '../../adapters/index.js';
import type { Capability } from '../../engine/capability.js';
import type { Event, SyncFactSource } from '../../engine/event.js';
import { FACT_NAMES, factDefinition, type FactName, type FactValue } from '../../engine/facts.js';
import { factsOf } from '../../engine/kinds.js';
import type { CatalogEntry, ExpectedFacts } from './catalog.js';
import { requestProblems } from './shape.js';
import { RECEIVED_AT, type Call, type Wire } from './wire.js';

/** Reads a call that must be readable. */
export function eventOf(adapter: Adapter, wire: Wire, call: Call): Event {
  const { outcome } = adapter.read(wire.requestOf(call));
  if (outcome.type === 'event') return outcome.event;
  throw new Error(
    `${call.command}: ${outcome.type === 'failure' ? outcome.failure.message : outcome.type}, not an event`,
  );
}

/** The facts that an expectation names, as they are; `null` for those that are absent. */
function factsLike(expected: ExpectedFacts, source: SyncFactSource): ExpectedFacts {
  const names = FACT_NAMES.filter((name) => Object.hasOwn(expected, name));
  return Object.fromEntries(names.map((name) => [name, source.get(name) ?? null]));
}

function isOfType(fact: FactName, value: FactValue): boolean {
  const { type, values } = factDefinition(fact);
  switch (type) {
    case 'string':
      return typeof value === 'string' && (values === undefined || values.includes(value));
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'time':
      return Number.isSafeInteger(value);
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
  }
}

function yieldedBy({ facts, targets }: Event): ReadonlyMap<FactName, readonly FactValue[]> {
  const sources = [facts, ...targets.map((target) => target.facts)];
  return new Map(
    FACT_NAMES.map((name) => [
      name,
      sources.map((source) => source.get(name)).filter((value) => value !== undefined),
    ]),
  );
}

/** Every event that the fixtures of a command make, its usual call first. */
function eventsOf(
  adapter: Adapter,
  wire: Wire,
  { command, spec, example, variants }: CatalogEntry,
): readonly Event[] {
  const bodies: readonly JsonObject[] = [example, ...variants.map(({ body }) => body)];
  return [
    ...bodies.map((body) => eventOf(adapter, wire, { command, spec, body })),
    eventOf(adapter, wire, { command, spec, body: example, url: { OptPlatform: 'RESTAPI' } }),
  ];
}

function describeExample(entry: CatalogEntry, wire: Wire, adapter: Adapter): void {
  const { command, spec, expected, example } = entry;
  const read = (): Event => eventOf(adapter, wire, { command, spec, body: example });

  it('reads its example as the right kind and stage of event', () => {
    const { kind, stage } = read();
    expect({ kind, stage }).to.deep.equal({ kind: expected.kind, stage: expected.stage });
    expect(stage).to.equal(spec.stage);
  });

  it('tells who did it to whom, where, and what was said', () => {
    const { facts } = read();
    expect({
      actor: facts.get('actor.id') ?? null,
      target: facts.get('target.id') ?? null,
      targets: facts.get('target.ids') ?? [],
      group: facts.get('group.id') ?? null,
      text: facts.get('message.text') ?? null,
    }).to.deep.equal({
      actor: expected.actor,
      target: expected.targets[0] ?? null,
      targets: expected.targets,
      group: expected.group,
      text: expected.text,
    });
  });

  it('tells each of several targets apart, and none where there is but one', () => {
    const { targets } = read();
    const each = expected.each ?? [];
    const judged = expected.judged ?? expected.targets;
    expect(targets.map(({ id }) => id)).to.deep.equal(expected.each === undefined ? [] : judged);
    expect(targets.map(({ facts }, index) => factsLike(each[index] ?? {}, facts))).to.deep.equal(each);
    expect(targets.map(({ facts }) => facts.get('target.id') ?? '')).to.deep.equal(
      targets.map(({ id }) => id),
    );
  });

  it('tells the further facts of its example', () => {
    const { facts } = read();
    const common = {
      command,
      'event.kind': expected.kind,
      'event.stage': expected.stage,
      'event.time': expected.facts?.['event.time'] ?? expected.each?.[0]?.['event.time'] ?? RECEIVED_AT,
      ...wire.envelopeFacts(spec),
      ...expected.facts,
    };
    expect(factsLike(common, facts)).to.deep.equal(common);
    expect((expected.absent ?? []).filter((name) => facts.get(name) !== undefined)).to.deep.equal([]);
  });
}

function describeVariants({ command, spec, variants }: CatalogEntry, wire: Wire, adapter: Adapter): void {
  for (const { name, body, facts } of variants) {
    it(`reads the variant "${name}"`, () => {
      const event = eventOf(adapter, wire, { command, spec, body });
      expect(factsLike(facts, event.facts)).to.deep.equal(facts);
    });
  }
}

/** What reading must be like for one command. */
export function describeReading(entry: CatalogEntry, wire: Wire, capability: Capability): void {
  const [profile] = wire.profiles;
  if (profile === undefined) throw new Error('a platform needs a profile');
  const adapter = adapterFor(profile.app);

  describeExample(entry, wire, adapter);
  describeVariants(entry, wire, adapter);

  it('has fixtures with documented fields only', () => {
    const bodies = [entry.example, ...entry.variants.map(({ body }) => body)];
    expect(bodies.flatMap((body) => requestProblems(entry.spec, body))).to.deep.equal([]);
  });

  it('provides every fact that its capability promises', () => {
    const yielded = eventsOf(adapter, wire, entry).map(yieldedBy);
    const missing = [...capability.facts].filter((name) =>
      yielded.every((facts) => facts.get(name)?.length === 0),
    );
    expect(missing).to.deep.equal([]);
  });

  it('provides no fact beyond its capability and kind, and each in its type', () => {
    const known = factsOf(entry.expected.kind);
    for (const facts of eventsOf(adapter, wire, entry).map(yieldedBy)) {
      const told = FACT_NAMES.filter((name) => facts.get(name)?.length !== 0);
      expect(told.filter((name) => !capability.facts.has(name) || !known.has(name))).to.deep.equal([]);
      const wrong = told.filter((name) => facts.get(name)?.every((value) => isOfType(name, value)) !== true);
      expect(wrong.map((name) => [name, facts.get(name)])).to.deep.equal([]);
    }
  });

  it('goes by each of its other names as well', () => {
    const { command, spec, example } = entry;
    const field = ['callbackCommand', 'CallbackCommand'].find((name) => Object.hasOwn(example, name));
    for (const alias of spec.aliases ?? []) {
      const body = field === undefined ? example : { ...example, [field]: alias };
      const { facts } = eventOf(adapter, wire, { command: alias, spec, body });
      expect(facts.get('command')).to.equal(command);
    }
  });
}
