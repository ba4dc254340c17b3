import { expect } from 'chai';
import type { StateAnswer, StateCommand, StateStore } from '../../../engine/state.js';
import { createMemoryStateStore } from '../../../state/memory/store.js';
import { withStandIn, type StandIn, type StandInStatus } from '../../../state/redis/breaker.js';
import { PartialAnswerError } from '../../../state/redis/store.js';
import { countingOf, markingOf, START } from '../commands.js';

const TIMEOUT = 20;
const MINUTE = 60_000;

interface Remote extends StateStore {
  /** How it answers from now on. */
  becomes(state: 'there' | 'gone' | 'silent'): void;
  /** The first keys that it cannot reach, until told otherwise. */
  loses(keys: readonly string[]): void;
  readonly runs: (readonly StateCommand[])[];
}

function createRemote(): Remote {
  const memory = createMemoryStateStore();
  const runs: (readonly StateCommand[])[] = [];
  let state: 'there' | 'gone' | 'silent' = 'there';
  let lost: readonly string[] = [];
  return {
    runs,
    becomes: (next) => void (state = next),
    loses: (keys) => void (lost = keys),
    run(commands) {
      runs.push(commands);
      if (state === 'gone') return Promise.reject(new Error('gone'));
      if (state === 'silent') return new Promise<StateAnswer>(() => undefined);
      const isLost = ({ key }: StateCommand): boolean => lost.includes(key);
      if (!commands.some(isLost)) return memory.run(commands);
      const found = memory.run(commands.filter((each) => !isLost(each))).results.values();
      const results = commands.map((each) => (isLost(each) ? undefined : found.next().value));
      return Promise.reject(new PartialAnswerError(results, new Error('a node is gone')));
    },
  };
}

describe('the stand-in of a store that may be gone', () => {
  let remote: Remote;
  let local: ReturnType<typeof createMemoryStateStore>;
  let store: StandIn;
  let turns: StandInStatus['state'][];
  let onTurn: () => void;

  function build(options: { readonly journal?: number; readonly mostFailures?: number } = {}): void {
    remote = createRemote();
    local = createMemoryStateStore();
    turns = [];
    onTurn = () => undefined;
    store = withStandIn(remote, local, {
      timeout: TIMEOUT,
      ...options,
      onChange: ({ state }) => {
        turns.push(state);
        onTurn();
      },
    });
  }
  beforeEach(() => build());
  afterEach(() => store.close());

  const closed = (): Promise<void> =>
    new Promise((resolve) => {
      onTurn = () => {
        if (store.status().state === 'closed') resolve();
      };
      onTurn();
    });

  async function fail(times: number): Promise<void> {
    const { count } = countingOf(MINUTE);
    for (let time = 0; time < times; time++) await store.run([count('read', START)]);
  }

  it('asks the remote store alone while it answers', async () => {
    const { count } = countingOf(MINUTE);
    expect(await store.run([count('add', START)])).to.deep.equal({ results: [1], isLocal: false });
    expect(local.counts().keys).to.equal(0);
    expect(store.status()).to.include({ state: 'closed', failures: 0, local: 0, journal: 0, dropped: 0 });
  });

  it('answers by itself when the remote store fails', async () => {
    const { count } = countingOf(MINUTE);
    await store.run([count('add', START, 'a')]);
    remote.becomes('gone');
    expect(await store.run([count('add', START, 'b'), count('add', START, 'c')])).to.deep.equal({
      results: [1, 2],
      isLocal: true,
    });
    expect(store.status()).to.include({ failures: 1, local: 1, journal: 2, lastError: 'gone' });
  });

  it('answers by itself when the remote store does not answer', async () => {
    remote.becomes('silent');
    const { count } = countingOf(MINUTE);
    expect(await store.run([count('add', START)])).to.deep.equal({ results: [1], isLocal: true });
    expect(store.status().lastError).to.include('no answer');
  });

  it('stops asking after so many failures in a row', async () => {
    remote.becomes('gone');
    await fail(5);
    expect(turns).to.deep.equal(['open']);
    const asked = remote.runs.length;
    await fail(3);
    expect(remote.runs.length).to.equal(asked);
    expect(store.status()).to.include({ state: 'open', failures: 5, local: 8 });
  });

  it('counts failures anew after each answer', async () => {
    for (let round = 0; round < 3; round++) {
      remote.becomes('gone');
      await fail(4);
      remote.becomes('there');
      await fail(1);
    }
    expect(turns).to.deep.equal([]);
  });

  it('tells the remote store what happened meanwhile before it asks it again', async () => {
    const { count } = countingOf(MINUTE);
    const { set, read } = markingOf();
    await store.run([count('add', START, 'a')]);
    remote.becomes('gone');
    await fail(5);
    await store.run([count('add', START, 'a'), count('add', START, 'b'), set(START, START + MINUTE)]);
    remote.becomes('there');
    await closed();
    expect(turns).to.deep.equal(['open', 'half-open', 'closed']);
    expect(await store.run([count('read', START), read(START)])).to.deep.equal({
      results: [2, 1],
      isLocal: false,
    });
    expect(store.status()).to.include({ journal: 0, dropped: 0 });
  });

  it('closes by itself when the remote store was gone for a moment only', async () => {
    remote.becomes('gone');
    const { count } = countingOf(MINUTE);
    await store.run([count('add', START, 'a')]);
    remote.becomes('there');
    while (store.status().journal > 0) await new Promise(setImmediate);
    expect(await store.run([count('read', START)])).to.deep.equal({ results: [1], isLocal: false });
  });

  it('stays open while the remote store is gone, and tries again at once when it is told to', async () => {
    remote.becomes('gone');
    await fail(5);
    store.retry();
    await fail(1);
    expect(store.status().state).to.equal('open');
    remote.becomes('there');
    store.retry();
    await closed();
  });

  it('keeps no more than it may for the remote store, and says how much was lost', async () => {
    build({ journal: 2 });
    remote.becomes('gone');
    const { count } = countingOf(MINUTE);
    for (const token of ['a', 'b', 'c']) await store.run([count('add', START, token)]);
    expect(store.status()).to.include({ journal: 2, dropped: 1 });
  });

  it('sends nothing that is of no use any more', async () => {
    remote.becomes('gone');
    const { count } = countingOf(MINUTE);
    await store.run([count('add', START, 'old')]);
    await store.run([count('add', START + 2 * MINUTE, 'new')]);
    remote.becomes('there');
    store.retry();
    while (store.status().journal > 0) await new Promise(setImmediate);
    expect(remote.runs.at(-1)).to.deep.equal([count('add', START + 2 * MINUTE, 'new')]);
  });

  it('asks itself only for the part that cannot be reached, and goes on asking for the rest', async () => {
    const [here, there] = [countingOf(MINUTE), countingOf(MINUTE)];
    const add = (token: string): StateCommand[] => [
      there.count('add', START, token),
      here.count('add', START, token),
    ];
    await store.run(add('a'));
    remote.loses([there.count('read', 0).key]);
    for (const [index, token] of ['b', 'c', 'd', 'e', 'f', 'g'].entries()) {
      expect(await store.run(add(token))).to.deep.equal({ results: [index + 1, index + 2], isLocal: true });
    }
    expect(store.status()).to.include({ state: 'closed', journal: 6 });
    expect(await store.run([here.count('read', START)])).to.deep.equal({ results: [7], isLocal: false });
    remote.loses([]);
    store.retry();
    while (store.status().journal > 0) await new Promise(setImmediate);
    expect(await store.run([there.count('read', START)])).to.deep.equal({ results: [7], isLocal: false });
  });

  it('sends what is left when it is closed', async () => {
    remote.becomes('gone');
    const { count } = countingOf(MINUTE);
    await store.run([count('add', START, 'a')]);
    remote.becomes('there');
    await store.close();
    expect(await remote.run([count('read', START)]))
      .to.include({ isLocal: false })
      .and.deep.include({ results: [1] });
  });

  it('is closed although the remote store is silent', async () => {
    remote.becomes('silent');
    const { count } = countingOf(MINUTE);
    await store.run([count('add', START, 'a')]);
    await store.close();
    expect(store.status().journal).to.equal(1);
  });
});
