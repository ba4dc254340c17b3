import { expect } from 'chai';
import { sendJson } from '../support/http.js';
import { readJsonFixture } from '../support/paths.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { APPS, ask, countTold, message, metricsOf, statusOf, TELLING, untilStatus } from './state-gate.js';

const MARKING = `
labels: { fraud: { scope: all } }
ladders: { spam: { scope: all } }
counters:
  casinos: { on: message.send, by: [actor.id], window: 1h, scope: all, where: { fact: message.text, operator: equal, value: casino } }
rules:
  - id: known
    on: message.send
    priority: 20
    when:
      any:
        - { fact: label.fraud, operator: equal, value: true }
        - { fact: strikes.spam, operator: greaterThan, value: 0 }
    then: { refuse: { reason: 32, message: known } }
  - id: once
    on: message.send
    priority: 15
    when: { fact: message.text, operator: equal, value: greeting }
    then: { refuse: { reason: 33, message: first greeting } }
    cooldown: { for: 1h }
  - id: casino
    on: message.send
    priority: 10
    when: { fact: message.text, operator: equal, value: casino }
    then:
      refuse: { reason: 31, message: '{{count.casinos}}' }
      strike: { ladder: spam }
      label: { target: actor.id, name: fraud, for: 1h }
  - id: counted
    on: message.send
    when: { fact: count.casinos, operator: greaterThan, value: 0 }
    then: { refuse: { reason: 34, message: '{{count.casinos}} casinos' } }
`;

const GROUPS = `
counters:
  added: { on: group.create, stage: after, by: [target.id], window: 1h }
  created: { on: group.create, stage: after, by: [actor.id], window: 1h }
rules:
  - id: too-many
    on: message.send
    priority: 2
    when:
      any:
        - { fact: count.added, by: [actor.id], operator: greaterThan, value: 1 }
        - { fact: count.created, by: [actor.id], operator: greaterThan, value: 1 }
    then: { refuse: { reason: 7, message: too many } }
  - id: creator
    on: message.send
    priority: 1
    when:
      all:
        - { fact: count.added, by: [actor.id], operator: equal, value: 1 }
        - { fact: count.created, by: [actor.id], operator: equal, value: 1 }
    then: { refuse: { reason: 7, message: created one and is in it } }
  - id: member
    on: message.send
    when: { fact: count.added, by: [actor.id], operator: equal, value: 1 }
    then: { refuse: { reason: 7, message: is in one } }
`;

describe('counting, over HTTP,', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });
  const start = async (rules: string): Promise<TestServer> =>
    (server = await startTestServer({ apps: APPS, rules: { 'rules.yaml': rules } }));

  it('takes the two questions that OpenIM asks about a message for one message', async () => {
    const { callbackOrigin } = await start(TELLING);
    expect(await countTold(callbackOrigin, { id: 'one' })).to.equal(1);
    expect(await countTold(callbackOrigin, { id: 'one', isModified: true })).to.equal(1);
    expect(await countTold(callbackOrigin, { id: 'two', isModified: true })).to.equal(2);
    expect(await countTold(callbackOrigin, { id: 'two' })).to.equal(2);
  });

  it('takes a callback that a proxy repeats for one', async () => {
    const { callbackOrigin } = await start(TELLING);
    const body = message();
    for (let time = 0; time < 3; time += 1) expect((await ask(callbackOrigin, body)).errMsg).to.equal('1');
    expect(await countTold(callbackOrigin)).to.equal(2);
  });

  it('takes each member of a new group once, though OpenIM names some of them twice', async () => {
    const { callbackOrigin, adminOrigin } = await start(GROUPS);
    const body = readJsonFixture('callbacks', 'openim', 'callbackAfterCreateGroupCommand.json');
    await sendJson(`${callbackOrigin}/openim`, body);
    await untilStatus(adminOrigin, ({ counters }) => counters.afterQueue.done === 1);
    const told = async (from: string): Promise<string> =>
      (await ask(callbackOrigin, message({ from }))).errMsg;
    expect(await Promise.all(['4837162905', '6203948571', '7714029386'].map(told))).to.deep.equal([
      'created one and is in it',
      'is in one',
      'is in one',
    ]);
  });

  it('goes on for an app that only observes, and punishes nobody there', async () => {
    const { callbackOrigin } = await start(MARKING);
    const watched = (text: string) => ask(callbackOrigin, message({ text }), '/watch');
    const asked = (text: string) => ask(callbackOrigin, message({ text }));
    expect(await watched('casino')).to.include({ nextCode: 0 });
    expect(await watched('greeting')).to.include({ nextCode: 0 });
    // Neither label nor strike nor cool-down has come of it, but it was counted.
    expect(await asked('hello')).to.include({ nextCode: 1, errMsg: '1 casinos' });
    expect(await asked('greeting')).to.include({ nextCode: 1, errMsg: 'first greeting' });
    expect(await asked('greeting')).to.include({ nextCode: 1, errMsg: '1 casinos' });
    expect(await asked('casino')).to.include({ nextCode: 1, errMsg: '2' });
    expect(await asked('hello')).to.include({ nextCode: 1, errMsg: 'known' });
  });

  it('is told in /status and in the metrics', async () => {
    const { callbackOrigin, adminOrigin } = await start(MARKING);
    await ask(callbackOrigin, message({ text: 'casino' }));
    await ask(callbackOrigin, message({ from: 'bob', text: 'greeting' }));
    const { stateStore, counters } = await statusOf(adminOrigin);
    expect(stateStore).to.deep.equal({ type: 'memory', keys: 4, dropped: 0, snapshot: null });
    expect(counters.state).to.deep.include({ failed: 0, local: 0 });
    const { value, types } = await metricsOf(adminOrigin);
    for (const [type, number] of Object.entries(counters.state.commands)) {
      expect(number, type).to.be.above(0);
      expect(value('callgate_state_commands_total', { type })).to.equal(number);
    }
    expect(value('callgate_state_keys', {})).to.equal(4);
    expect(value('callgate_state_evictions_total', {})).to.equal(0);
    expect(value('callgate_state_degraded', {})).to.equal(0);
    expect(value('callgate_state_failures_total', {})).to.equal(0);
    expect(value('callgate_state_local_total', {})).to.equal(0);
    expect(value('callgate_state_duration_seconds_count', { store: 'memory' })).to.be.above(0);
    // Known to Prometheus, and without a value as long as nothing is kept on a disk.
    expect(types.get('callgate_state_snapshot_age_seconds')).to.equal('gauge');
    expect(value('callgate_state_snapshot_age_seconds', {})).to.equal(undefined);
  });
});
