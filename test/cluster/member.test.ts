import { fork, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { createMember, WorkerFailure, type Member } from '../../server/cluster/member.js';
import type { Answer } from '../../server/cluster/messages.js';
import { createSurvey } from '../../server/cluster/survey.js';
import { ALONE } from '../../server/metrics/fleet-families.js';
import { createTestLog } from '../support/log.js';
import { configOf, STRICT_APPS } from '../support/server.js';
import { NO_MEMORY } from '../../engine/memory.js';
import { fakeMember } from './fake-member.js';

const RULES = {
  revision: 'abc',
  source: 'files',
  release: null,
  latestRelease: null,
  keptAt: null,
  files: 1,
  rules: { enforce: 1, shadow: 0, off: 0 },
  lists: 0,
  liveLists: [],
  memory: NO_MEMORY,
  lastReload: null,
  watching: null,
} as const;
const SERVING: Answer = { type: 'serving', rules: RULES };

describe('a worker as the primary sees it', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function member(answers: readonly Answer[]) {
    const child = fork(
      join(import.meta.dirname, 'worker-stub.js'),
      answers.map((each) => JSON.stringify(each)),
    );
    children.push(child);
    const returned: Socket[] = [];
    let onUnsound = (): void => undefined;
    const unsound = new Promise<void>((resolve) => (onUnsound = resolve));
    const created: Member = createMember(
      child,
      {
        slot: 1,
        config: configOf(STRICT_APPS, '/rules'),
        address: { host: '127.0.0.1', port: 1 },
        lastGood: '/none',
      },
      {
        onServing: () => undefined,
        onReload: () => undefined,
        onSaid: () => undefined,
        onUnsound,
        onReturned: (connection) => void returned.push(connection),
      },
    );
    return { created, returned, unsound, child };
  }

  it('serves when it says so', async () => {
    const { created } = member([SERVING]);
    expect(created.state()).to.equal('starting');
    expect((await created.serving).revision).to.equal('abc');
    expect(created.state()).to.equal('serving');
    expect(created.rules()?.status.revision).to.equal('abc');
  });

  it('says why it cannot serve', async () => {
    const { created, child } = member([{ type: 'failed', message: 'no rules' }]);
    child.once('message', () => child.kill('SIGKILL'));
    const error: unknown = await created.serving.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(WorkerFailure).and.have.property('message', 'no rules');
    expect(await created.ended).to.deep.equal({ code: null, signal: 'SIGKILL', reason: 'no rules' });
  });

  it('asks to be replaced', async () => {
    const { unsound } = member([SERVING, { type: 'unsound' }]);
    await unsound;
  });

  it('gives back the connections that it has not taken when it ends', async () => {
    const { created, returned } = member([SERVING]);
    await created.serving;
    const { connections, close } = await twoConnections();
    for (const connection of connections) created.give(connection);
    expect(created.untaken()).to.equal(2);
    created.kill();
    await created.ended;
    expect(returned).to.deep.equal(connections);
    expect(returned.map(({ destroyed }) => destroyed)).to.deep.equal([false, false]);
    expect(created.untaken()).to.equal(0);
    close();
  });

  it('takes no connection as long as it does not say so, and no report without an answer', async () => {
    const { created } = member([SERVING]);
    await created.serving;
    expect(await created.report(1)).to.equal(undefined);
    created.kill();
    await created.ended;
    expect(await created.report(1)).to.equal(undefined);
  });
});

async function twoConnections(): Promise<{ readonly connections: readonly Socket[]; close(): void }> {
  const connections: Socket[] = [];
  let onBoth = (): void => undefined;
  const both = new Promise<void>((resolve) => (onBoth = resolve));
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    connections.push(socket);
    if (connections.length === 2) onBoth();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clients = [1, 2].map(() => connect(port, '127.0.0.1').on('error', () => undefined));
  await both;
  return {
    connections,
    close() {
      for (const socket of [...connections, ...clients]) socket.destroy();
      server.close();
    },
  };
}

describe('looking after workers', () => {
  it('ends with the death of one that has not answered for long', async () => {
    const log = createTestLog();
    const stuck = fakeMember(1);
    stuck.serve();
    const survey = createSurvey({ members: () => [stuck], logger: log.logger, fleet: ALONE, interval: 1 });
    survey.begin();
    expect(await stuck.ended).to.deep.include({ signal: 'SIGKILL' });
    survey.end();
    expect(log.lines().map(({ msg }) => msg)).to.include('worker does not answer and is killed');
  });

  it('tells once who has other rules than most', async () => {
    const log = createTestLog();
    const members = [fakeMember(1), fakeMember(2), fakeMember(3)];
    for (const [index, each] of members.entries()) {
      each.serve();
      each.hasRevision(index === 0 ? 'old' : 'new', -10_000 + index);
    }
    const survey = createSurvey({ members: () => members, logger: log.logger, fleet: ALONE, interval: 1 });
    survey.begin();
    await members[0]!.ended;
    survey.end();
    const told = log.lines().filter(({ msg }) => msg === 'worker has other rules than most');
    expect(told).to.have.lengthOf(1);
    expect(told[0]).to.include({ level: 40, worker: 1, revision: 'old' });
  });
});
