import { MessageChannel } from 'node:worker_threads';
import { expect } from 'chai';
import type { StateCommand, StateStore } from '../../engine/state.js';
import { answerRequest } from '../../state/ipc/answer.js';
import { createStateClient, type StateClient } from '../../state/ipc/client.js';
import { createMemoryStateStore } from '../../state/memory/store.js';
import { countingOf, markingOf, START } from './commands.js';
import { describeStateStore, type OpenedStore } from './contract.js';

const MINUTE = 60_000;

/** A client of a store that is reached over a channel. */
function connect(store: StateStore): Promise<OpenedStore> {
  const { port1: near, port2: far } = new MessageChannel();
  const client = createStateClient({
    send(text) {
      near.postMessage(text);
      return true;
    },
    timeout: 10_000,
  });
  near.on('message', client.hear);
  far.on('message', (text: string) => answerRequest(store, text, (reply) => far.postMessage(reply)));
  return Promise.resolve({
    store: client,
    async close() {
      await client.settled();
      near.close();
    },
  });
}

describeStateStore('memory in another process', () => connect(createMemoryStateStore()));

describeStateStore(
  'a store in another process that takes its time',
  () => {
    const memory = createMemoryStateStore();
    return connect({ run: (commands) => Promise.resolve().then(() => memory.run(commands)) });
  },
  { sequences: 50 },
);

/** A client whose texts stay on their way until the test delivers them. */
interface Wire {
  readonly client: StateClient;
  /** What is on its way to the store. */
  readonly texts: string[];
  /** Brings everything to the store, and the answers back. */
  deliver(store: StateStore): void;
}

function createWire({ isGone = false, timeout = 10_000 } = {}): Wire {
  const texts: string[] = [];
  const client = createStateClient({
    send(text) {
      if (!isGone) texts.push(text);
      return !isGone;
    },
    timeout,
  });
  return {
    client,
    texts,
    deliver(store) {
      for (const text of texts.splice(0)) answerRequest(store, text, client.hear);
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Resolves with the reason of a rejection. */
async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('a state store in another process', () => {
  const GONE = 'the process that keeps the state is gone';
  const { count } = countingOf(MINUTE);

  it('is asked once for all that is asked within one turn', async () => {
    const { client, texts, deliver } = createWire();
    const memory = createMemoryStateStore();
    const ask = (token: string) => client.run([count('add', START, token), count('read', START)]);
    const first = [ask('a'), ask('b'), ask('c')];
    expect(texts).to.have.lengthOf(0);
    await turn();
    const second = ask('d');
    expect(texts).to.have.lengthOf(1);
    await turn();
    expect(texts).to.have.lengthOf(2);
    deliver(memory);
    const answers = await Promise.all([...first, second]);
    expect(answers.map(({ results }) => results)).to.deep.equal([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  it('says whether an answer is that of a stand-in', async () => {
    const { client, deliver } = createWire();
    const answer = client.run([count('read', START)]);
    await turn();
    deliver({ run: () => ({ results: [7], isLocal: true }) });
    expect(await answer).to.deep.equal({ results: [7], isLocal: true });
  });

  for (const [how, fail] of [
    [
      'throws',
      (error: Error) => {
        throw error;
      },
    ],
    ['rejects', (error: Error) => Promise.reject(error)],
  ] as const) {
    it(`that ${how} fails those alone whose commands it could not carry out`, async () => {
      const { client, deliver } = createWire();
      const memory = createMemoryStateStore();
      const { set, read } = markingOf();
      const isBad = ({ type }: StateCommand): boolean => type === 'count';
      const good = client.run([set(START, START + MINUTE)]);
      const bad = reasonOf(client.run([count('add', START)]));
      const better = client.run([read(START)]);
      await turn();
      deliver({
        run: (commands) => (commands.some(isBad) ? fail(new Error('no counts today')) : memory.run(commands)),
      });
      expect(await bad).to.equal('no counts today');
      expect((await good).results).to.deep.equal([1]);
      expect((await better).results).to.deep.equal([1]);
    });
  }

  it('is given up when it does not answer in time, and asked again the next time', async () => {
    const { client, texts, deliver } = createWire({ timeout: 5 });
    const memory = createMemoryStateStore();
    expect(await reasonOf(client.run([count('add', START, 'late')]))).to.equal(
      'the process that keeps the state has not answered within 5 ms',
    );
    expect(texts).to.have.lengthOf(1);
    // The answer comes after all, and nobody waits for it.
    deliver(memory);
    const next = client.run([count('add', START, 'late')]);
    await turn();
    deliver(memory);
    expect((await next).results).to.deep.equal([1]);
  });

  it('is not given up when the answer is there and this process had no time to hear it', async () => {
    const { port1: near, port2: far } = new MessageChannel();
    const client = createStateClient({
      send(text) {
        near.postMessage(text);
        return true;
      },
      timeout: 5,
    });
    near.on('message', client.hear);
    far.on('message', (text: string) => {
      answerRequest(createMemoryStateStore(), text, (reply) => far.postMessage(reply));
      const end = performance.now() + 20;
      while (performance.now() < end);
    });
    expect((await client.run([count('add', START)])).results).to.deep.equal([1]);
    near.close();
  });

  it('fails at once when its process is gone', async () => {
    const { client } = createWire({ isGone: true });
    expect(await reasonOf(client.run([count('read', START)]))).to.equal(GONE);
    await client.settled();
  });

  it('fails all that waits when its process goes, and all that is asked afterwards', async () => {
    const { client, texts } = createWire();
    const waiting = reasonOf(client.run([count('read', START)]));
    await turn();
    const unsent = reasonOf(client.run([count('read', START)]));
    client.cut();
    expect(await waiting).to.equal(GONE);
    expect(await unsent).to.equal(GONE);
    expect(await reasonOf(client.run([count('read', START)]))).to.equal(GONE);
    expect(texts).to.have.lengthOf(1);
  });

  it('is settled when nothing waits for it: unsent, answered, given up or cut', async () => {
    const answered = createWire();
    await answered.client.settled();
    let isSettled = false;
    const answer = answered.client.run([count('read', START)]);
    const settled = answered.client.settled().then(() => (isSettled = true));
    await turn();
    expect(isSettled).to.equal(false);
    answered.deliver(createMemoryStateStore());
    await answer;
    await settled;

    const late = createWire({ timeout: 5 });
    const given = reasonOf(late.client.run([count('read', START)]));
    await late.client.settled();
    expect(await given).to.include('has not answered');

    const cut = createWire();
    const lost = reasonOf(cut.client.run([count('read', START)]));
    await turn();
    const afterwards = cut.client.settled();
    cut.client.cut();
    await afterwards;
    expect(await lost).to.equal(GONE);
  });
});
