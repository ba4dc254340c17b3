import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { openMemoryState } from '../../server/state/memory-state.js';
import type { State } from '../../server/state/state.js';
import { countingOf, START } from '../state/commands.js';
import { createTempFolder, type TempFolder } from '../store/temp-folder.js';
import { createTestLog, type TestLog } from '../support/log.js';

const HOUR = 3_600_000;

describe('state in memory', () => {
  let folder: TempFolder;
  let log: TestLog;
  beforeEach(() => {
    folder = createTempFolder();
    log = createTestLog();
  });
  afterEach(() => folder.remove());

  const open = (settings: { readonly every?: number; readonly maxKeys?: number } = {}): Promise<State> =>
    openMemoryState(
      { type: 'memory', snapshot: folder.at('kept/state.json'), every: HOUR, maxKeys: 1000, ...settings },
      log.logger,
    );
  const { count } = countingOf(HOUR);
  const snapshotOf = (state: State) => state.holdings?.().snapshot;

  /** Resolves when something is so. */
  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise(setImmediate);
  }

  it('tells that it was restored, and how much of it', async () => {
    const before = await open();
    await before.store.run([count('add', START)]);
    await before.close();
    expect(log.lines()).to.deep.equal([]);
    const after = await open();
    expect(log.lines()).to.have.lengthOf(1);
    expect(log.lines()[0]).to.include({ msg: 'state restored', keys: 1 });
    expect((await after.store.run([count('read', START)])).results).to.deep.equal([1]);
    expect(snapshotOf(after)?.savedAt).to.equal(Date.parse(String(log.lines()[0]?.['savedAt'])));
    await after.close();
  });

  it('tells once that it cannot be saved, goes on, and tells once that it can be again', async () => {
    folder.write('kept', 'a file where the folder should be');
    const state = await open({ every: 1 });
    await state.store.run([count('add', START)]);
    await until(() => (snapshotOf(state)?.failures ?? 0) >= 3);
    expect((await state.store.run([count('add', START)])).results).to.deep.equal([2]);
    const failed = log.lines().filter(({ cause }) => cause === 'state-snapshot');
    expect(failed.map(({ msg }) => String(msg))).to.have.lengthOf(2);
    // At the start it could not be read.
    expect(failed[0]?.['msg']).to.include('cannot be used');
    expect(failed[1]?.['msg']).to.match(/^state not saved: .*(ENOTDIR|EEXIST)/);
    folder.remove();
    await until(
      () => existsSync(folder.at('kept/state.json')) && log.text().includes('state is saved again'),
    );
    await state.store.run([count('add', START)]);
    await state.close();
    expect(log.lines().filter(({ msg }) => msg === 'state is saved again')).to.have.lengthOf(1);
  });

  it('does not fail when it is closed and cannot be saved', async () => {
    const state = await open();
    folder.write('kept', 'a file where the folder should be');
    await state.store.run([count('add', START)]);
    await state.close();
    expect(log.lines().map(({ cause }) => cause)).to.deep.equal(['state-snapshot']);
  });

  it('tells that too much is remembered, once for all that is dropped within a minute', async () => {
    const state = await open({ maxKeys: 1000 });
    for (let user = 0; user < 1500; user += 1) {
      const key = { owner: `user ${user}`, key: `count:user ${user}` };
      await state.store.run([countingOf(HOUR, key).count('add', START)]);
    }
    expect(state.holdings?.()).to.include({ keys: 1000, dropped: 500 });
    expect(state.status()).to.include({ type: 'memory', keys: 1000, dropped: 500 });
    expect(log.lines()).to.have.lengthOf(1);
    expect(log.lines()[0]).to.include({ cause: 'state-full', maxKeys: 1000, dropped: 1 });
    await state.close();
  });
});
