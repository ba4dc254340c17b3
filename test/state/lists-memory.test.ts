import { expect } from 'chai';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryLists } from '../../state/lists/memory-store.js';
import { ListStoreError, type LiveListStore } from '../../state/lists/store.js';
import { describeListStore } from './lists-contract.js';

function createFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'callgate-lists-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

describeListStore('in memory', async (now) => {
  const store = await openMemoryLists({ now });
  return { store, close: store.close };
});

describeListStore('in a file', async (now) => {
  const folder = createFolder();
  const store = await openMemoryLists({ now, path: join(folder.path, 'deep', 'lists.jsonl') });
  return {
    store,
    async close() {
      await store.close();
      folder.remove();
    },
  };
});

describe('the file of the live lists', () => {
  const folder = createFolder();
  const path = join(folder.path, 'lists.jsonl');
  const problems: string[] = [];
  const opened: LiveListStore[] = [];
  after(() => folder.remove());
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
    for (const name of readdirSync(folder.path)) rmSync(join(folder.path, name));
    problems.length = 0;
  });

  /** A process that starts; the one before may have been killed. */
  async function start(at = path): Promise<LiveListStore> {
    const store = await openMemoryLists({ path: at, onProblem: (problem) => void problems.push(problem) });
    opened.push(store);
    return store;
  }

  const values = (store: LiveListStore): readonly string[] =>
    store.reader.page('banned', 1000).entries.map(({ value }) => value);

  it('has every change that was answered, without anybody closing it', async () => {
    const store = await start();
    await store.add('banned', [{ value: 'bob', reason: 'spam', owner: 'eve' }, { value: 'carol' }]);
    await store.remove('banned', ['carol']);
    await store.add('empty', [{ value: 'x' }]);
    await store.remove('empty', ['x']);
    const again = await start();
    expect(again.reader.summaries()).to.deep.equal(store.reader.summaries());
    expect(again.reader.page('banned', 10)).to.deep.equal(store.reader.page('banned', 10));
    expect(problems).to.deep.equal([]);
  });

  it('has no entry whose time came while nobody ran', async () => {
    const early = await openMemoryLists({ path, now: () => 1000 });
    await early.add('banned', [{ value: 'bob', expiresAt: 2000 }, { value: 'eve' }]);
    await early.close();
    expect(values(await start())).to.deep.equal(['eve']);
  });

  it('goes on behind a last line that was not finished', async () => {
    const store = await start();
    await store.add('banned', [{ value: 'bob' }]);
    const whole = readFileSync(path);
    await store.add('banned', [{ value: 'eve' }]);
    const more = readFileSync(path);
    for (const length of [whole.length + 1, more.length - 1, 5]) {
      writeFileSync(path, more.subarray(0, length));
      const again = await start();
      expect(values(again)).to.deep.equal(length === 5 ? [] : ['bob']);
      await again.add('banned', [{ value: 'carol' }]);
      expect(values(await start())).to.deep.equal(length === 5 ? ['carol'] : ['bob', 'carol']);
    }
    expect(problems).to.deep.equal([]);
  });

  it('is used as far as it is not damaged, and the damage is told and kept', async () => {
    const store = await start();
    for (const value of ['bob', 'carol', 'eve']) await store.add('banned', [{ value }]);
    const damaged = readFileSync(path, 'utf8').replace('carol', 'karol');
    writeFileSync(path, damaged);
    const again = await start();
    expect(values(again)).to.deep.equal(['bob', 'eve']);
    expect(again.status().problem).to.match(/1 changes of lists are damaged/);
    expect(problems).to.have.length(1);
    expect(readFileSync(`${path}.damaged`, 'utf8')).to.equal(damaged);
    await again.add('banned', [{ value: 'dave' }]);
    expect(again.status().problem, 'until the next start').to.match(/damaged/);
    const third = await start();
    expect(values(third)).to.deep.equal(['bob', 'dave', 'eve']);
    expect(third.status().problem).to.equal(null);
  });

  it('is left alone when it is something else, or of another version', async () => {
    for (const text of ['shopping list\n', `${'0'.repeat(16)} {"format":"callgate-lists","version":2}\n`]) {
      writeFileSync(path, text);
      const store = await start();
      expect(store.reader.summaries()).to.deep.equal([]);
      expect(store.status().problem).to.match(/cannot be used/);
      expect(readFileSync(`${path}.damaged`, 'utf8')).to.equal(text);
    }
  });

  it('is written anew when it has much more than the lists hold', async () => {
    const store = await start();
    const many = Array.from({ length: 1000 }, (_, number) => ({ value: `u${number}` }));
    for (let round = 0; round < 8; round += 1) {
      await store.add('banned', many);
      await store.remove(
        'banned',
        many.slice(1).map(({ value }) => value),
      );
    }
    expect(readFileSync(path, 'utf8').split('\n').length).to.be.lessThan(12);
    expect(readdirSync(folder.path)).to.deep.equal(['lists.jsonl']);
    const again = await start();
    expect(again.reader.summary('banned')).to.deep.equal(store.reader.summary('banned'));
    expect(values(again)).to.deep.equal(['u0']);
  });

  it('that cannot be written refuses changes, and takes them again when it can', async () => {
    const blocked = join(folder.path, 'blocked');
    writeFileSync(blocked, 'a file where a folder must be');
    const store = await start(join(blocked, 'lists.jsonl'));
    const failure = await store.add('banned', [{ value: 'bob' }]).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ListStoreError);
    expect(store.reader.summaries()).to.deep.equal([]);
    expect(store.status().problem).to.match(/cannot be written/);
    rmSync(blocked);
    expect(await store.add('banned', [{ value: 'bob' }])).to.deep.equal(['added']);
    rmSync(blocked, { recursive: true });
  });

  it('is written whole again when somebody has removed or replaced it', async () => {
    const store = await start();
    await store.add('banned', [{ value: 'bob' }]);
    rmSync(path);
    await store.add('banned', [{ value: 'carol' }]);
    expect(values(await start())).to.deep.equal(['bob', 'carol']);
    writeFileSync(path, `${readFileSync(path, 'utf8')}what is this?\n`);
    await store.add('banned', [{ value: 'eve' }]);
    expect(values(await start())).to.deep.equal(['bob', 'carol', 'eve']);
    expect(problems).to.deep.equal([]);
  });

  it('of a hundred thousand entries is read in short turns', async () => {
    const store = await start();
    for (let from = 0; from < 100_000; from += 1000) {
      await store.add(
        'banned',
        Array.from({ length: 1000 }, (_, number) => ({ value: `user_${from + number}`, reason: 'spam' })),
      );
    }
    let turns = 0;
    const count = (): void => {
      turns += 1;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    const again = await start();
    clearImmediate(timer);
    expect(turns).to.be.greaterThan(50);
    expect(again.reader.summary('banned').entries).to.equal(100_000);
  });
});
