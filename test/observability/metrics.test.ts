import { expect } from 'chai';
import type { Reload } from '../../store/rule-store.js';
import { plainRuling, type Ruling } from '../../engine/decision.js';
import { send, sendJson } from '../support/http.js';
import { decisionOf, ruleSetOf } from '../support/rule-sets.js';
import { NO_MALLORY, startTestServer, STRICT_APPS, type TestServer } from '../support/server.js';
import { parseExposition, type Exposition } from './exposition.js';

const BLOCK = 'callbackBeforeAddBlackCommand';
const blockBy = (ownerUserID: string) => ({ callbackCommand: BLOCK, ownerUserID, blackUserID: 'bob' });
const BLOCKED = '/tencent?SdkAppid=1400000000&CallbackCommand=Sns.CallbackBlackListAdd';
const blockedBy = (From_Account: string) => ({
  CallbackCommand: 'Sns.CallbackBlackListAdd',
  PairList: [{ From_Account, To_Account: 'bob', BlacklistSequence: 1 }],
});

describe('GET /metrics', () => {
  let server: TestServer | undefined;
  afterEach(async () => {
    await server?.stop();
    server = undefined;
  });

  const start = async (...options: Parameters<typeof startTestServer>): Promise<TestServer> =>
    (server = await startTestServer(...options));
  const scrape = async (from: TestServer): Promise<Exposition> =>
    parseExposition((await send(`${from.adminOrigin}/metrics`, { method: 'GET' })).text);
  const block = (to: TestServer, actor: string) =>
    sendJson(`${to.callbackOrigin}/openim/${BLOCK}`, blockBy(actor));
  const saved = (to: TestServer, name: string, text: string): Promise<Reload> =>
    new Promise((resolve) => {
      const end = to.ruleStore.onReload((reload) => {
        if (reload.outcome === 'unchanged') return;
        end();
        resolve(reload);
      });
      to.folder.write(name, text);
    });

  it('is in the text format of Prometheus, only for reading, and only for operators', async () => {
    const { adminOrigin, callbackOrigin } = await start();
    const { status, headers } = await send(`${adminOrigin}/metrics`, { method: 'GET' });
    expect(status).to.equal(200);
    expect(headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect((await send(`${adminOrigin}/metrics`)).status).to.equal(405);
    expect((await send(`${callbackOrigin}/metrics`, { method: 'GET' })).status).to.equal(404);
  });

  it('counts callbacks by app, command, outcome and verdict', async () => {
    const running = await start();
    await block(running, 'alice');
    await block(running, 'alice');
    await block(running, 'mallory');
    await sendJson(running.callbackOrigin + BLOCKED, blockedBy('alice'));
    await send(`${running.callbackOrigin}/openim/${BLOCK}`, { body: '{"half":' });
    const { samples } = await scrape(running);
    expect(samples.get('callgate_callbacks_total')).to.have.deep.members([
      { labels: { app: 'im', command: BLOCK, outcome: 'judged', verdict: 'allow' }, value: 2 },
      { labels: { app: 'im', command: BLOCK, outcome: 'judged', verdict: 'refuse' }, value: 1 },
      { labels: { app: 'im', command: BLOCK, outcome: 'failure', verdict: 'refuse' }, value: 1 },
      {
        labels: {
          app: 'tc',
          command: 'Sns.CallbackBlackListAdd',
          outcome: 'acknowledged',
          verdict: 'allow',
        },
        value: 1,
      },
    ]);
  });

  it('has one label for all commands that nobody knows, so that callers cannot invent any', async () => {
    const running = await start();
    for (const command of ['made', 'up', 'x'.repeat(1000)])
      await sendJson(`${running.callbackOrigin}/openim/${command}`, {});
    await send(`${running.callbackOrigin}/openim/made-up-too`, { body: 'no json' });
    const { samples } = await scrape(running);
    const found = samples.get('callgate_callbacks_total')!;
    expect(new Set(found.map(({ labels }) => labels['command']))).to.deep.equal(new Set(['unknown']));
    expect(found.map(({ value }) => value)).to.have.members([3, 1]);
  });

  it('counts the same callbacks as /status', async () => {
    const running = await start();
    await block(running, 'alice');
    await block(running, 'mallory');
    await send(`${running.callbackOrigin}/openim`, { method: 'GET' });
    const { text } = await send(`${running.adminOrigin}/status`, { method: 'GET' });
    const { counters } = JSON.parse(text) as {
      counters: { apps: Record<string, { callbacks: number; failures: Record<string, number> }> };
    };
    const { samples, value } = await scrape(running);
    const total = samples.get('callgate_callbacks_total')!.reduce((sum, sample) => sum + sample.value, 0);
    expect(total).to.equal(3).and.to.equal(counters.apps['im']!.callbacks);
    expect(value('callgate_degraded_total', { app: 'im', cause: 'wrong-method' }))
      .to.equal(1)
      .and.to.equal(counters.apps['im']!.failures['wrong-method']);
  });

  it('has every cause of failure from the start, so that the first one is seen as a change', async () => {
    const { samples } = await scrape(await start());
    const degraded = samples.get('callgate_degraded_total')!;
    const causes = degraded
      .filter(({ labels }) => labels['app'] === 'im')
      .map(({ labels }) => labels['cause']);
    expect(causes).to.include.members(['deadline', 'overload', 'rule-error', 'unauthenticated']);
    expect(new Set(degraded.map(({ value }) => value))).to.deep.equal(new Set([0]));
    expect(samples.get('callgate_shed_total')!.map(({ labels }) => labels['reason'])).to.have.members([
      'in-flight',
      'lag',
    ]);
  });

  it('counts how long replies took into cumulative buckets, once each', async () => {
    const running = await start();
    for (let times = 0; times < 4; times += 1) await block(running, 'alice');
    const { samples, types, value } = await scrape(running);
    expect(types.get('callgate_callback_duration_seconds')).to.equal('histogram');
    const buckets = samples
      .get('callgate_callback_duration_seconds_bucket')!
      .filter(({ labels }) => labels['app'] === 'im');
    expect(buckets.map(({ labels }) => labels['le'])).to.include.members(['0.0001', '0.8', '2', '+Inf']);
    const numbers = buckets.map((bucket) => bucket.value);
    expect(numbers).to.deep.equal([...numbers].sort((left, right) => left - right));
    expect(numbers.at(-1)).to.equal(4);
    expect(value('callgate_callback_duration_seconds_count', { app: 'im' })).to.equal(4);
    expect(value('callgate_callback_duration_seconds_sum', { app: 'im' })).to.be.within(0.000001, 20);
    expect(value('callgate_app_deadline_seconds', { app: 'im' })).to.equal(5);
  });

  it('counts hits by rule and mode, and forgets rules that are gone', async () => {
    const running = await start();
    await block(running, 'mallory');
    await block(running, 'mallory');
    const before = await scrape(running);
    expect(before.samples.get('callgate_rule_hits_total')).to.deep.equal([
      { labels: { rule: 'mallory-blocks-nobody', mode: 'enforce' }, value: 2 },
    ]);
    await saved(running, 'rules.yaml', NO_MALLORY.replace('mallory-blocks-nobody', 'renamed'));
    await block(running, 'mallory');
    const after = await scrape(running);
    expect(after.samples.get('callgate_rule_hits_total')).to.deep.equal([
      { labels: { rule: 'renamed', mode: 'enforce' }, value: 1 },
    ]);
  });

  it('counts shadow rules, and what after-callbacks match', async () => {
    const shadow = NO_MALLORY.replace('mallory-blocks-nobody', 'shadowed\n    mode: shadow');
    const running = await start({ rules: { 'rules.yaml': shadow } });
    await block(running, 'mallory');
    await sendJson(running.callbackOrigin + BLOCKED, blockedBy('mallory'));
    let found = await scrape(running);
    while (found.value('callgate_after_queue_tasks_total', { result: 'done' }) === 0)
      found = await scrape(running);
    expect(found.value('callgate_rule_hits_total', { rule: 'shadowed', mode: 'shadow' })).to.equal(1);
    expect(found.value('callgate_rule_hits_total', { rule: 'note-mallory', mode: 'enforce' })).to.equal(1);
    expect(found.value('callgate_callbacks_total', { app: 'im', verdict: 'allow' })).to.equal(1);
  });

  it('counts strikes and labels that were given', async () => {
    const rules = `
rules:
  - id: strict
    on: block.add
    stage: before
    when: always
    then: { strike: { ladder: spam }, label: { target: actor.id, name: muted, for: 1h } }
`;
    const running = await start({ rules: { 'rules.yaml': rules } });
    for (const actor of ['alice', 'bob']) await block(running, actor);
    const { value } = await scrape(running);
    expect(value('callgate_strikes_total', { ladder: 'spam' })).to.equal(2);
    expect(value('callgate_labels_total', { label: 'muted' })).to.equal(2);
  });

  it('counts rules that could not be judged: each by its name, and all as a degradation', async () => {
    const broken: Ruling = { ...plainRuling('allow'), errors: [{ rule: 'broken', message: 'no' }] };
    const ruleSet = {
      ...ruleSetOf((event) => Promise.resolve(decisionOf(event, broken))),
      rules: [{ id: 'broken', file: 'rules.yaml', mode: 'enforce', kinds: [], stages: [] } as const],
    };
    const running = await start({ ruleSet });
    await block(running, 'alice');
    const { value } = await scrape(running);
    expect(value('callgate_rule_errors_total', { rule: 'broken' })).to.equal(1);
    expect(value('callgate_degraded_total', { app: 'im', cause: 'rule-error' })).to.equal(1);
  });

  it('tells what is in force, and how the last reload went', async () => {
    const lists = 'lists: { support: [a, b, c], banned: { file: lists/banned.txt } }\n';
    const running = await start({
      rules: { 'rules.yaml': lists + NO_MALLORY, 'lists/banned.txt': 'one\ntwo\n' },
    });
    const { revision } = running.ruleStore.current()!;
    const before = await scrape(running);
    expect(before.value('callgate_rules_info', { revision })).to.equal(1);
    expect(before.value('callgate_rules', { mode: 'enforce' })).to.equal(3);
    expect(before.value('callgate_rules', { mode: 'shadow' })).to.equal(0);
    expect(before.value('callgate_list_entries', { list: 'support' })).to.equal(3);
    expect(before.value('callgate_list_entries', { list: 'banned' })).to.equal(2);
    expect(before.value('callgate_reloads_total', { outcome: 'loaded' })).to.equal(1);
    expect(before.value('callgate_rules_refused')).to.equal(0);
    expect(before.value('callgate_last_reload_timestamp_seconds')).to.be.closeTo(Date.now() / 1000, 3600);
    await saved(running, 'rules.yaml', 'rules: [{ id: 7 }]\n');
    const after = await scrape(running);
    expect(after.value('callgate_reloads_total', { outcome: 'refused' })).to.equal(1);
    expect(after.value('callgate_rules_refused')).to.equal(1);
    expect(after.value('callgate_rule_problems', { severity: 'error' })).to.be.above(0);
    expect(after.value('callgate_rules_info', { revision })).to.equal(1);
    expect(after.samples.get('callgate_rules_info')).to.have.lengthOf(1);
  });

  it('tells the process, its event loop and its apps', async () => {
    const { samples, value } = await scrape(
      await start({ apps: STRICT_APPS.replace('id: tc,', 'id: tc, enforce: false,') }),
    );
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'callgate_event_loop_worst_lag_seconds',
      'callgate_in_flight',
      'callgate_build_info',
      'callgate_log_lines_suppressed_total',
    ])
      expect(samples.get(name), name).to.have.lengthOf(1);
    expect(value('callgate_ready')).to.equal(1);
    expect(value('callgate_app_info', { app: 'tc', platform: 'tencent', enforce: 'false' })).to.equal(1);
  });

  it('counts the lines of the decision log', async () => {
    const running = await start({
      apps: `${STRICT_APPS}decisionLog: { to: file, file: package.json/decisions.jsonl }\n`,
    });
    await block(running, 'alice');
    let found = await scrape(running);
    expect(found.value('callgate_decision_log_lines_total', { result: 'written' })).to.equal(0);
    while (found.value('callgate_decision_log_waiting_lines') !== 0) found = await scrape(running);
    expect(found.value('callgate_decision_log_lines_total', { result: 'failed' })).to.equal(1);
  });

  it('says 0 while it drains', async () => {
    let decide = (): void => undefined;
    const arrived = new Promise<void>((hasArrived) => {
      decide = hasArrived;
    });
    let finish = (): void => undefined;
    const slow = ruleSetOf(
      (event) =>
        new Promise((resolve) => {
          finish = () => resolve(decisionOf(event, plainRuling('allow')));
          decide();
        }),
    );
    const running = await start({ ruleSet: slow });
    const reply = block(running, 'alice');
    await arrived;
    expect((await scrape(running)).value('callgate_in_flight')).to.equal(1);
    const closed = running.close();
    expect((await scrape(running)).value('callgate_ready')).to.equal(0);
    finish();
    await reply;
    await closed;
  });
});
