import { Agent } from 'node:http';
import { expect } from 'chai';
import { send } from '../support/http.js';
import { createGrounds, type GateProcess } from './gate-process.js';

const BODY = JSON.stringify({
  callbackCommand: 'callbackBeforeAddBlackCommand',
  ownerUserID: 'mallory',
  blackUserID: 'bob',
});
const REFUSED = { actionCode: 0, errCode: 5007, errMsg: 'No.', errDlt: '', nextCode: 1 };

const CLIENTS = 8;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

interface Tally {
  answered: number;
  readonly failures: string[];
}

/**
 * Clients that open new connections when they have to.
 *
 * @param isKept whether they keep them for the next callback, as Go's do with some
 * @param onAnswer told how many there were; ends all clients with `true`
 * @param mayFail codes of failures after which a client tries again; any other ends it
 */
async function keepCalling(
  { callbacks }: GateProcess,
  isKept: boolean,
  onAnswer: (answered: number) => boolean,
  mayFail: readonly string[] = [],
): Promise<Tally> {
  const tally: Tally = { answered: 0, failures: [] };
  let isOver = false;
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: isKept, maxSockets: 1 });
    while (!isOver) {
      try {
        const { status, text } = await send(`${callbacks}/openim`, { body: BODY, agent });
        expect([status, JSON.parse(text)]).to.deep.equal([200, REFUSED]);
        tally.answered += 1;
        isOver ||= onAnswer(tally.answered);
      } catch (error) {
        tally.failures.push(codeOf(error));
        if (!mayFail.includes(codeOf(error))) break;
      }
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return tally;
}

describe('a gate that ends under load', function () {
  // Each start is a process, and machines differ.
  this.timeout(60_000);
  const grounds = createGrounds();
  after(() => grounds.end());

  for (const [connections, isKept] of [
    ['that are kept', true],
    ['of each callback', false],
  ] as const) {
    it(`answers all that it has taken on after SIGTERM, over connections ${connections}`, async () => {
      for (const workers of [1, 2]) {
        const gate = await grounds.start({ workers });
        const { answered, failures } = await keepCalling(gate, isKept, (count) => {
          if (count === 300) gate.child.kill('SIGTERM');
          return false;
        });
        expect(answered).to.be.at.least(300);
        // Nobody listens any more, which is how each client finds its end. The system resets who has just
        // knocked and was not let in; on a connection that is kept, nobody is in that place.
        const ends = isKept ? ['ECONNREFUSED'] : ['ECONNREFUSED', 'ECONNRESET'];
        expect(failures).to.have.lengthOf(CLIENTS);
        expect(failures.filter((code) => !ends.includes(code))).to.deep.equal([]);
        expect(await gate.ended).to.deep.equal([0, null]);
      }
    });
  }

  it('resets only what a worker held that was killed, and answers each of these when it is asked again', async () => {
    const gate = await grounds.start({ workers: 2 });
    const { workers } = (await gate.status()) as { workers: { all: readonly { pid: number }[] } };
    const pid = workers.all[0]?.pid ?? 0;
    const { answered, failures } = await keepCalling(
      gate,
      true,
      (count) => {
        if (count === 300) process.kill(pid, 'SIGKILL');
        return count >= 1_500;
      },
      ['ECONNRESET', 'EPIPE'],
    );
    expect(answered).to.be.at.least(1_500);
    expect(failures.length, failures.join()).to.be.at.most(CLIENTS);
    expect(failures.filter((code) => !['ECONNRESET', 'EPIPE'].includes(code))).to.deep.equal([]);
    await gate.until('/status', (text) => /"restarts": 1/.test(text) && !/"state": "(?!serving)/.test(text));
    gate.child.kill('SIGTERM');
    expect(await gate.ended).to.deep.equal([0, null]);
  });
});
