/**
 * The contract that every adapter keeps for every command of its platform's catalog.
 *
 * What is expected was written from the protocols' documents alone (test/fixtures/catalog), so that a
 * slip in an adapter's table and a slip here would have to agree to go unseen.
 */
import { expect } from 'chai';
import { capabilitiesOf } from '../../adapters/index.js';
import type { Capability } from '../../engine/capability.js';
import { catalogOf, type CatalogEntry } from './catalog.js';
import { describeHostility, describeUnknownCommand } from './hostile.js';
import { describeReading } from './reading.js';
import { describeReplying, Exchange } from './replying.js';
import type { Wire } from './wire.js';
import { describeWords } from './words.js';

function describeCapability({ spec, expected }: CatalogEntry, wire: Wire, capability: Capability): void {
  it('claims to refuse and discard exactly what its platform lets it', () => {
    const { stage, codes, partial } = spec;
    expect({
      platform: capability.platform,
      kind: capability.kind,
      stage: capability.stage,
      refuse: capability.refuse,
      refuseTargets: capability.refuseTargets,
      discard: capability.discard,
    }).to.deep.equal({
      platform: wire.platform,
      kind: expected.kind,
      stage,
      refuse: stage === 'before',
      refuseTargets: partial !== undefined,
      discard: codes.discard !== null,
    });
  });
}

/** Runs the whole contract against one platform's adapter. */
export function describeContract(wire: Wire): void {
  const catalog = catalogOf(wire.platform);
  const capabilities = new Map(capabilitiesOf(wire.platform).map((item) => [item.command, item]));

  describe(`the ${wire.platform} adapter`, () => {
    it('knows exactly the commands of the catalog', () => {
      expect([...capabilities.keys()].sort()).to.deep.equal(catalog.map(({ command }) => command).sort());
    });

    for (const entry of catalog) {
      const capability = capabilities.get(entry.command);
      if (capability === undefined) continue;
      describe(entry.command, () => {
        describeCapability(entry, wire, capability);
        describeReading(entry, wire, capability);
        for (const { title, app } of wire.profiles) {
          describe(title, () => {
            describeReplying(new Exchange(entry, wire, app, entry.example), capability);
            describeHostility(entry, wire, app);
          });
        }
      });
    }

    const [first] = catalog;
    if (first === undefined) throw new Error('the catalog is empty');
    for (const { app } of wire.profiles) describeUnknownCommand(first, wire, app);
    for (const { app } of wire.profiles.slice(0, 1)) describeWords(catalog, wire, app);
  });
}
