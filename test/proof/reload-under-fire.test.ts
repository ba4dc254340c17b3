import { Agent } from 'node:http';
import { expect } from 'chai';
import { send } from '../support/http.js';
import { startTestServer, type TestServer } from '../support/server.js';

const APPS = `
apps:
  - { id: im, platform: openim, path: /openim, onFailure: refuse, deadline: 10000 }
  - { id: tc, platform: tencent, path: /tencent, sdkAppId: 1400000000, onFailure: refuse, deadline: 1999 }
`;

const TARGETS = 40;
const CLIENTS = 6;
const RELOADS = 25;

/**
 * A revision says its number in the reply, by a rule for each group of targets and by lists in other files,
 * so that a reply made of two revisions would show both.
 */
function revision(number: number): Readonly<Record<string, string>> {
  const groups = [0, 1, 2, 3];
  return {
    'rules.yaml': `
rules:
${groups
  .map(
    (group) => `
  - id: group-${group}
    on: friend.request
    when: { all: [{ fact: target.id, operator: endsWith, value: '${group}' }, { fact: actor.id, operator: in, value: { list: callers } }] }
    then: { refuse: { reason: ${number}, message: 'revision ${number}' } }`,
  )
  .join('')}
  - { id: words, on: message.send, when: { fact: message.text, operator: containsAny, value: { list: words } }, then: { refuse: { reason: ${number}, message: 'revision ${number}' } } }
`,
    'lists.yaml': `lists: { callers: [caller-${number}, everybody], words: { file: words.txt } }\n`,
    'words.txt': [
      `word-${number}`,
      'spam',
      ...Array.from({ length: 200 * number }, (_, at) => `w${number}-${at}`),
    ].join('\n'),
  };
}

const REQUEST = JSON.stringify({
  CallbackCommand: 'Sns.CallbackPrevFriendAdd',
  Requester_Account: 'everybody',
  From_Account: 'everybody',
  ForceAddFlags: 0,
  FriendItem: Array.from({ length: TARGETS }, (_, index) => ({
    To_Account: `user-${index % 4}`,
    AddSource: 'AddSource_Type_Web',
  })),
});
const MESSAGE = JSON.stringify({
  callbackCommand: 'callbackBeforeSendSingleMsgCommand',
  sendID: 'alice',
  recvID: 'bob',
  content: '{"content":"spam"}',
  contentType: 101,
  sessionType: 1,
  msgFrom: 100,
});

interface Item {
  readonly ResultCode: number;
  readonly ResultInfo: string;
}

/** Numbers of the revisions that have had a part in a reply. */
function revisionsIn(text: string): readonly number[] {
  const reply = JSON.parse(text) as { ResultItem?: readonly Item[]; errCode?: number; errMsg?: string };
  const told =
    reply.ResultItem === undefined
      ? [[(reply.errCode ?? 0) - 5000, reply.errMsg] as const]
      : reply.ResultItem.map(({ ResultCode, ResultInfo }) => [ResultCode - 38_000, ResultInfo] as const);
  if (told.length !== 1) expect(told).to.have.lengthOf(TARGETS);
  for (const [number, message] of told) expect(message).to.equal(`revision ${number}`);
  return [...new Set(told.map(([number]) => number))];
}

describe('reloading under fire', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ apps: APPS, rules: revision(1) });
  });
  after(() => server.stop());

  it('gives no reply that is wrong or of two revisions, loses none, and is in force when it says so', async () => {
    const { callbackOrigin, folder, ruleStore } = server;
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    const counts = { sent: 0, answered: 0 };
    const seen = new Set<number>();
    let isOver = false;
    /** Revisions that may be in force now. */
    let possible = [1];

    const ask = async (path: string, body: string): Promise<number> => {
      const atStart = possible;
      counts.sent += 1;
      const { status, text } = await send(`${callbackOrigin}${path}`, { body, agent });
      expect(status).to.equal(200);
      counts.answered += 1;
      const revisions = revisionsIn(text);
      expect(revisions).to.have.lengthOf(1);
      const [only = 0] = revisions;
      expect([...atStart, ...possible]).to.include(only);
      seen.add(only);
      return only;
    };
    const client = async (turn: number): Promise<void> => {
      while (!isOver) {
        await (turn % 2 === 0
          ? ask('/tencent?SdkAppid=1400000000&CallbackCommand=Sns.CallbackPrevFriendAdd', REQUEST)
          : ask('/openim', MESSAGE));
      }
    };
    const clients = Array.from({ length: CLIENTS }, (_, turn) => client(turn));

    for (let number = 2; number <= RELOADS; number += 1) {
      const isBroken = number % 5 === 0;
      const next = isBroken ? { 'rules.yaml': 'rules: [{ id: broken' } : revision(number);
      // The files are saved one by one, and the folder is watched: it may be read in the middle of that.
      for (const [name, text] of Object.entries(next)) folder.write(name, text);
      const before = possible.slice(-1);
      if (!isBroken) possible = [...before, number];
      const { outcome } = await ruleStore.load();
      // The watch may have been faster.
      expect(outcome).to.be.oneOf(isBroken ? ['refused'] : ['loaded', 'unchanged']);
      if (!isBroken) possible = [number];
      expect(await ask('/openim', MESSAGE)).to.equal(possible[0]);
    }
    isOver = true;
    await Promise.all(clients);
    agent.destroy();
    expect(counts.answered).to.equal(counts.sent);
    expect(counts.answered).to.be.above(RELOADS * CLIENTS);
    expect(seen.size).to.equal(RELOADS - Math.floor(RELOADS / 5));
  });
});
