import { renameSync, symlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { JudgedEvent } from '../../engine/event.js';
import type { FactValue } from '../../engine/facts.js';
import { createFolderOrigin } from '../../store/folder-origin.js';
import { createRuleStore, type RuleStore } from '../../store/rule-store.js';
import { createThreadLoader } from '../../store/thread-loader.js';
import { createTempFolder, type TempFolder } from '../store/temp-folder.js';
import { LENIENT } from '../support/rules.js';
import { CONTEXT } from './rule-files.js';

const FILES = 12;

/** A folder in which every file has rules that say the version. */
function writeVersion(folder: TempFolder, version: number): void {
  for (let number = 0; number < FILES; number += 1) {
    const rules = Array.from(
      { length: 60 },
      (_, index) => `  - id: r${number}-${index}
    on: message.send
    when: { all: [ { fact: actor.id, operator: equal, value: user-${index} }, { fact: message.text, operator: containsAny, value: { list: words } } ] }
    then: { tag: v${version} }
`,
    );
    folder.write(`v${version}/f${number}.yaml`, `rules:\n${rules.join('')}`);
  }
  folder.write(`v${version}/z.yaml`, `lists: { words: [hello, word${version}] }\n`);
}

/** Facts that take some turns of the event loop, so that rules are swapped while they are judged. */
function slowEvent(user: number): JudgedEvent {
  const later = async (value: FactValue): Promise<FactValue> => {
    for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    return value;
  };
  return {
    kind: 'message.send',
    stage: 'before',
    facts: {
      get: (name) =>
        name === 'actor.id' ? later(`user-${user}`) : name === 'message.text' ? later('hello') : undefined,
    },
    targets: [],
  };
}

describe('rules that are swapped while callbacks are judged', () => {
  let folder: TempFolder;
  let store: RuleStore;

  beforeEach(async () => {
    folder = createTempFolder();
    writeVersion(folder, 0);
    symlinkSync('v0', folder.at('rules'));
    const onError = (error: unknown): void => {
      throw error instanceof Error ? error : new Error(String(error));
    };
    const loader = createThreadLoader({ context: CONTEXT, onError, inPlaceBelow: 0 });
    store = createRuleStore({ origin: createFolderOrigin(folder.at('rules')), loader, onError });
    await store.load();
    await store.watch();
  });
  afterEach(async () => {
    await store.close();
    folder.remove();
  });

  it('judge each callback by the old ones or the new ones, wholly', async () => {
    const versions = new Map([[store.status().revision, 'v0']]);
    let judged = 0;
    for (let version = 1; version <= 4; version += 1) {
      writeVersion(folder, version);
      const leave = store.onReload(({ outcome, revision }) => {
        if (outcome === 'loaded') versions.set(revision, `v${version}`);
      });
      symlinkSync(`v${version}`, folder.at('next'));
      renameSync(folder.at('next'), folder.at('rules'));
      const decisions = [];
      while (versions.size <= version) {
        for (let user = 0; user < 5; user += 1) {
          const ruleSet = store.current()!;
          decisions.push(
            Promise.resolve(ruleSet.decide(slowEvent(user), LENIENT)).then((decision) => ({
              ruleSet,
              decision,
            })),
          );
        }
        await setImmediate();
      }
      leave();
      for (const { ruleSet, decision } of await Promise.all(decisions)) {
        expect(decision.revision).to.equal(ruleSet.revision);
        const [ruling] = decision.rulings;
        expect(ruling?.errors).to.deep.equal([]);
        expect(ruling?.matched).to.have.length(FILES);
        expect(ruling?.tags).to.deep.equal([versions.get(decision.revision)]);
        judged += 1;
      }
    }
    expect(versions.size).to.equal(5);
    expect(judged).to.be.above(50);
  });
});
