/** The part of the contract that is about bodies which are not what they should be. */
import { expect } from 'chai';
import { adapterFor, type App, type JsonObject } from '../../adapters/index.js';
import { FAILURE_REFUSAL, plainRuling } from '../../engine/decision.js';
import type { CatalogEntry } from './catalog.js';
import { Exchange } from './replying.js';
import { replaced } from './shape.js';
import type { Wire } from './wire.js';

const NOT_OBJECTS: readonly unknown[] = [undefined, null, true, 7, 'text', [], [{}]];
const ODD_VALUES: readonly unknown[] = [null, true, 7, -1.5, 'text', '', [], [null], [7], {}, { a: 1 }];

/** A copy without the value at a path. */
function without(root: JsonObject, path: readonly string[]): unknown {
  return JSON.parse(JSON.stringify(replaced(root, path, undefined)));
}

function mustBeAnswered(entry: CatalogEntry, wire: Wire, app: App, body: unknown): Exchange {
  const exchange = new Exchange(entry, wire, app, body);
  const { callback } = exchange;
  expect(callback.command, 'command').to.equal(entry.command);
  expect(callback.stage, 'stage').to.equal(entry.spec.stage);
  exchange.reply([plainRuling('allow')]);
  const { body: refused } = exchange.reply([plainRuling('refuse', FAILURE_REFUSAL)]);
  if (
    entry.spec.stage === 'before' &&
    callback.outcome.type === 'failure' &&
    entry.spec.partial?.form !== 'verdicts'
  ) {
    expect(wire.refusalCodes(entry.spec, refused), 'a refusing failure policy').to.have.lengthOf(1);
  }
  return exchange;
}

/** What must hold for a command when its body is damaged. */
export function describeHostility(entry: CatalogEntry, wire: Wire, app: App): void {
  it('answers a body that is no object with the verdict it is told', () => {
    for (const body of NOT_OBJECTS) {
      const { callback } = mustBeAnswered(entry, wire, app, body);
      expect(callback.outcome.type, JSON.stringify(body)).to.equal('failure');
      expect(callback.body).to.deep.equal({});
    }
    mustBeAnswered(entry, wire, app, {});
  });

  it('answers well whatever stands in any one of its fields', () => {
    for (const path of Object.keys(entry.spec.request)) {
      const steps = path.split('.');
      for (const value of ODD_VALUES) {
        if (isCommandField(path) && value !== null) continue;
        mustBeAnswered(entry, wire, app, replaced(entry.example, steps, value));
      }
      mustBeAnswered(entry, wire, app, without(entry.example, steps));
    }
  });

  it('does not judge a body in which an identity has the wrong type', () => {
    for (const path of identityFields(entry)) {
      const { callback } = mustBeAnswered(
        entry,
        wire,
        app,
        replaced(entry.example, path.split('.'), { a: 1 }),
      );
      expect(callback.outcome.type, path).to.equal('failure');
    }
  });
}

function isCommandField(path: string): boolean {
  return path.toLowerCase() === 'callbackcommand';
}

/** Fields of the body in which the documents see an identity that the example is read with. */
function identityFields({ spec, example, expected }: CatalogEntry): readonly string[] {
  const { actor, targets, group } = spec.subject;
  const ids = new Set<unknown>([expected.actor, expected.group, ...expected.targets]);
  return [actor, ...targets, group]
    .filter((path) => path !== null)
    .filter((path) => typeof example[path] === 'string' && ids.has(example[path]));
}

/** An adapter that is asked about a command nobody has catalogued. */
export function describeUnknownCommand(entry: CatalogEntry, wire: Wire, app: App): void {
  it('answers a command that nobody has catalogued with a harmless allow', () => {
    const adapter = adapterFor(app);
    const { spec } = entry;
    const callback = adapter.read(wire.requestOf({ command: 'Nobody.KnowsThis', spec, body: {} }));
    expect(callback.outcome.type).to.equal('unknown-command');
    const { body } = adapter.render(callback, { revision: '0123456789ab', rulings: [plainRuling('allow')] });
    const fields = Object.entries(wire.replyFields(spec, app)).filter(
      ([, { effect }]) => effect === 'verdict',
    );
    expect(Object.keys(body).sort()).to.deep.equal(fields.map(([name]) => name).sort());
    expect(wire.refusalCodes(spec, body)).to.deep.equal([]);
  });
}
