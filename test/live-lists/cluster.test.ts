import { expect } from 'chai';
import { Agent } from 'node:http';
import { createGates, gone, type Gate } from '../cluster/gate.js';
import { runCallgate } from '../support/process.js';
import { send, sendJson } from '../support/http.js';
import { RULES } from './gate.js';

/** Live lists of a gate with two workers. */
describe('live lists in several processes', () => {
  const gates = createGates();
  afterEach(() => gates.end());

  async function change(gate: Gate, method: 'POST' | 'DELETE', value: string): Promise<void> {
    const { status, text } = await send(`${gate.admin}/lists/banned_users/entries`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ value }),
    });
    expect(status, text).to.equal(200);
  }

  /** What some callbacks get, each on a connection of its own, so that both workers answer. */
  async function refusals(gate: Gate, actor: string): Promise<ReadonlySet<boolean>> {
    const agent = new Agent({ keepAlive: false });
    const body = { callbackCommand: 'callbackBeforeAddBlackCommand', ownerUserID: actor, blackUserID: 'b' };
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => sendJson(`${gate.callbacks}/openim`, body, { agent })),
    );
    return new Set(replies.map(({ text }) => (JSON.parse(text) as { nextCode: number }).nextCode === 1));
  }

  /** Resolves when all get the same. */
  async function untilAll(gate: Gate, actor: string, isRefused: boolean): Promise<void> {
    for (;;) {
      const found = await refusals(gate, actor);
      if (found.size === 1 && found.has(isRefused)) return;
    }
  }

  it('are seen by every worker, by one that was started again, and by the next start', async () => {
    const gate = await gates.start({ rules: RULES });
    expect(await refusals(gate, 'mallory')).to.deep.equal(new Set([false]));
    await change(gate, 'POST', 'mallory');
    await untilAll(gate, 'mallory', true);
    await change(gate, 'POST', 'eve');
    await change(gate, 'DELETE', 'eve');
    await untilAll(gate, 'eve', false);

    const { workers, ...status } = await gate.status();
    expect((status as unknown as { liveLists: unknown }).liveLists).to.deep.include({ store: 'memory' });
    const [first] = workers.all;
    process.kill(first!.pid, 'SIGKILL');
    await gone(first!.pid);
    await gate.until(({ workers: { all } }) => all.filter(({ state }) => state === 'serving').length === 2);
    expect(await refusals(gate, 'mallory')).to.deep.equal(new Set([true]));

    gate.running.child.kill('SIGKILL');
    await gate.running.ended;
    const again = runCallgate(['start'], { cwd: gate.folder });
    const [, callbacks = ''] = await again.said(/(http:\/\/\S+)\/openim [\s\S]*workers .*\n/);
    expect(await refusals({ ...gate, callbacks }, 'mallory')).to.deep.equal(new Set([true]));
    again.child.kill('SIGKILL');
    await again.ended;
  });
});
