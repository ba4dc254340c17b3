import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ask, countTold, createStateGates, message, metricsOf, statusOf, untilStatus } from './state-gate.js';

/** A hundred messages an hour. */
const LIMITED = `
counters:
  sends: { on: message.send, by: [actor.id], window: 1h }
rules:
  - id: flood
    on: message.send
    when: { fact: count.sends, operator: greaterThan, value: 100 }
    then: { refuse: { reason: 20, message: '{{count.sends}}' } }
`;

describe('what rules remember', function () {
  // Each start is up to three processes, and machines differ.
  this.timeout(60_000);

  for (const workers of [1, 2]) {
    describe(`by a gate of ${workers === 1 ? 'one process' : `${workers} workers`}`, () => {
      const gates = createStateGates();
      afterEach(() => gates.end());

      it('survives a restart, with the messages that were counted', async () => {
        const before = await gates.start({ workers });
        for (const count of [1, 2, 3])
          expect(await countTold(before.callbacks, { id: `m${count}` })).to.equal(count);
        before.running.child.kill('SIGTERM');
        expect(await before.running.ended).to.include({ code: 0 });
        expect(existsSync(join(before.folder, '.callgate', 'state.json'))).to.equal(true);
        const after = await gates.again(before);
        expect(await countTold(after.callbacks, { id: 'm3' })).to.equal(3);
        expect(await countTold(after.callbacks)).to.equal(4);
        expect((await statusOf(after.admin)).stateStore).to.include({ type: 'memory', keys: 1, dropped: 0 });
      });

      it('survives a crash as the last snapshot has it', async () => {
        const before = await gates.start({ workers, state: '{ memory: { every: 1s } }' });
        for (let count = 1; count <= 3; count += 1) await countTold(before.callbacks);
        const sent = new Date(Date.now()).toISOString();
        await untilStatus(before.admin, ({ stateStore: { snapshot } }) => (snapshot?.savedAt ?? '') >= sent);
        before.running.child.kill('SIGKILL');
        await before.running.ended;
        const after = await gates.again(before);
        expect(await countTold(after.callbacks)).to.equal(4);
      });
    });
  }

  describe('by several workers', () => {
    const gates = createStateGates();
    after(() => gates.end());

    it('is one count for all of them: exactly the right messages are refused', async () => {
      const { callbacks, admin } = await gates.start({ workers: 2, rules: LIMITED });
      const answers = await Promise.all(Array.from({ length: 300 }, () => ask(callbacks, message())));
      const counts = answers.filter(({ nextCode }) => nextCode === 1).map(({ errMsg }) => Number(errMsg));
      expect(counts.sort((left, right) => left - right)).to.deep.equal(
        Array.from({ length: 200 }, (_, index) => 101 + index),
      );
      const { stateStore, counters } = await statusOf(admin);
      expect(stateStore).to.include({ type: 'memory', keys: 1 });
      expect(counters.state).to.deep.include({ failed: 0, local: 0 });
      expect(counters.state.commands).to.include({ count: 300 });
      const { value, samples } = await metricsOf(admin);
      expect(value('callgate_state_keys', {})).to.equal(1);
      expect(value('callgate_state_commands_total', { type: 'count' })).to.equal(300);
      expect(value('callgate_state_duration_seconds_count', { store: 'memory' })).to.equal(300);
      expect(samples.get('callgate_state_snapshot_failures_total')).to.deep.equal([{ labels: {}, value: 0 }]);
    });

    it('stays when workers are replaced', async () => {
      const { callbacks, running, admin } = await gates.start({ workers: 2 });
      expect(await countTold(callbacks)).to.equal(1);
      running.child.kill('SIGHUP');
      await running.said(/(worker replaced[\s\S]*){2}/);
      expect(await countTold(callbacks)).to.equal(2);
      expect((await statusOf(admin)).stateStore).to.include({ keys: 1 });
    });
  });

  describe('in a snapshot that is damaged', () => {
    const gates = createStateGates();
    after(() => gates.end());

    it('is put aside with a loud line, and the gate starts with nothing', async () => {
      const before = await gates.start();
      await countTold(before.callbacks);
      before.running.child.kill('SIGTERM');
      await before.running.ended;
      const path = join(before.folder, '.callgate', 'state.json');
      const damaged = readFileSync(path, 'utf8').replace('alice', 'mallory');
      writeFileSync(path, damaged);
      const after = await gates.again(before);
      const [line = ''] = await after.running.said(/\{.*the snapshot of the state cannot be used.*\}/);
      const { level, aside } = JSON.parse(line) as { readonly level: number; readonly aside: string };
      // An error, in the numbers of pino.
      expect(level).to.equal(50);
      expect(readFileSync(aside, 'utf8')).to.equal(damaged);
      expect(await countTold(after.callbacks)).to.equal(1);
    });
  });

  describe('where the configuration names no snapshot', () => {
    const gates = createStateGates();
    after(() => gates.end());

    it('is forgotten at a restart', async () => {
      const before = await gates.start({ state: '{ memory: { snapshot: false } }' });
      await countTold(before.callbacks);
      expect((await statusOf(before.admin)).stateStore).to.deep.equal({
        type: 'memory',
        keys: 1,
        dropped: 0,
        snapshot: null,
      });
      before.running.child.kill('SIGTERM');
      await before.running.ended;
      const after = await gates.again(before);
      expect(await countTold(after.callbacks)).to.equal(1);
    });
  });
});
