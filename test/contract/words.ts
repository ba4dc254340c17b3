/** The part of the contract that is about closed sets of words and numbers. */
import { expect } from 'chai';
import { adapterFor, type App } from '../../adapters/index.js';
import { wordsOf, type CatalogEntry } from './catalog.js';
import { eventOf } from './reading.js';
import { replaced } from './shape.js';
import type { Call, Wire } from './wire.js';

/** Every documented word of a field must become the same fact on every platform. */
export function describeWords(catalog: readonly CatalogEntry[], wire: Wire, app: App): void {
  const adapter = adapterFor(app);
  for (const { command, field, fact, values } of wordsOf(wire.platform)) {
    it(`translates every word of ${field} of ${command} to ${fact}`, () => {
      const entry = catalog.find((item) => item.command === command);
      if (entry === undefined) throw new Error(`${command} is not in the catalog`);
      const { spec, example } = entry;
      const callWith = (word: string | number): Call =>
        field.startsWith('?')
          ? { command, spec, body: example, url: { [field.slice(1)]: String(word) } }
          : { command, spec, body: replaced(example, field.split('.'), word) };
      const read = values.map(([word]) => [word, eventOf(adapter, wire, callWith(word)).facts.get(fact)]);
      expect(read).to.deep.equal(values);
    });
  }
}
