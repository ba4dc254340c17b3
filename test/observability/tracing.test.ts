import { expect } from 'chai';
import { createSpanExporter } from '../../server/tracing/exporter.js';
import { createTracer, type EndedSpan } from '../../server/tracing/tracer.js';
import { send, sendJson } from '../support/http.js';
import { startTestServer, STRICT_APPS, type TestServer } from '../support/server.js';
import { startCollector, type CollectedSpan, type Collector } from './collector.js';
import { parseExposition } from './exposition.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const TRACED = { traceparent: `00-${TRACE}-${PARENT}-01` };
const BLOCK = 'callbackBeforeAddBlackCommand';
const blockBy = (ownerUserID: string) => ({ callbackCommand: BLOCK, ownerUserID, blackUserID: 'bob' });

const attributesOf = ({ attributes }: CollectedSpan): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, Object.values(value as Record<string, unknown>)[0]]),
  );

describe('traces', () => {
  let server: TestServer | undefined;
  let collector: Collector;
  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await collector.close();
  });

  const start = async (tracing: string, apps = STRICT_APPS): Promise<TestServer> =>
    (server = await startTestServer({ apps: `${apps}tracing: { ${tracing} }\n` }));
  const block = (to: TestServer, actor: string, headers: Record<string, string> = {}) =>
    sendJson(`${to.callbackOrigin}/openim/${BLOCK}`, blockBy(actor), { headers });

  it('have one span per callback, with what was decided and why', async () => {
    const running = await start(`endpoint: '${collector.endpoint}', service: gate-1`);
    const { revision } = running.ruleStore.current()!;
    await block(running, 'mallory', TRACED);
    await running.close();
    expect(collector.requests).to.have.lengthOf(1);
    const [{ contentType, resource, spans }] = [collector.requests[0]!];
    expect(contentType).to.equal('application/json');
    expect(resource[0]).to.deep.equal({ key: 'service.name', value: { stringValue: 'gate-1' } });
    expect(spans).to.have.lengthOf(1);
    const span = spans[0]!;
    expect(span).to.include({ traceId: TRACE, parentSpanId: PARENT, name: `callback ${BLOCK}`, kind: 2 });
    expect(span.spanId)
      .to.match(/^[0-9a-f]{16}$/)
      .and.to.not.equal(PARENT);
    expect(span).to.not.have.property('status');
    expect(attributesOf(span)).to.deep.equal({
      'callgate.app': 'im',
      'callgate.platform': 'openim',
      'callgate.command': BLOCK,
      'callgate.kind': 'block.add',
      'callgate.stage': 'before',
      'callgate.outcome': 'refuse',
      'callgate.verdict': 'refuse',
      'callgate.revision': revision,
      'callgate.rule': 'mallory-blocks-nobody',
      'callgate.targets': '1',
    });
    const [began, ended] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
    expect(ended - began > 0n && ended - began < 60_000_000_000n).to.equal(true);
    expect(Number(ended / 1_000_000n)).to.be.closeTo(Date.now(), 60_000);
  });

  it('say which callbacks failed, and why', async () => {
    const running = await start(`endpoint: '${collector.endpoint}'`);
    await send(`${running.callbackOrigin}/openim/${BLOCK}`, { body: '{"half":' });
    await running.close();
    const [span] = collector.spans();
    expect(span!.status).to.deep.equal({ code: 2, message: 'unreadable-body' });
    expect(attributesOf(span!)).to.include({
      'callgate.outcome': 'failure',
      'callgate.cause': 'unreadable-body',
      'callgate.verdict': 'refuse',
    });
  });

  it('begin here when the caller sends none, and log lines name them', async () => {
    const running = await start(`endpoint: '${collector.endpoint}'`);
    await send(`${running.callbackOrigin}/openim`, { method: 'GET' });
    await running.close();
    const [span] = collector.spans();
    expect(span!.traceId).to.match(/^[0-9a-f]{32}$/);
    expect(span).to.not.have.property('parentSpanId');
    expect(running.log.lines()[0]).to.include({ cause: 'wrong-method', trace_id: span!.traceId });
  });

  it('are a sample where only a share is wanted; callers that trace decide themselves', async () => {
    const running = await start(`endpoint: '${collector.endpoint}', sample: 0`);
    await block(running, 'alice');
    await block(running, 'alice', TRACED);
    await block(running, 'alice', { traceparent: `00-${TRACE}-${PARENT}-00` });
    await running.close();
    expect(collector.spans().map(({ traceId }) => traceId)).to.deep.equal([TRACE]);
  });

  it('are counted, those that were lost too', async () => {
    const deaf = await startCollector(503);
    const running = await start(`endpoint: '${deaf.endpoint}'`);
    for (let times = 0; times < 512; times += 1) await block(running, 'alice');
    let lost: number | undefined = 0;
    while (lost === 0) {
      const { text } = await send(`${running.adminOrigin}/metrics`, { method: 'GET' });
      lost = parseExposition(text).value('callgate_spans_total', { result: 'lost' });
    }
    expect(lost).to.be.above(0);
    const told = running.log.lines().filter(({ msg }) => msg === 'spans could not be sent');
    expect(told).to.have.lengthOf(1);
    expect(told[0]).to.include({ reason: 'status 503' });
    await running.close();
    await deaf.close();
  });

  describe('without an endpoint', () => {
    it('are not made, but the trace of a caller is named in log lines', async () => {
      const running = await start('sample: 1');
      await send(`${running.callbackOrigin}/openim`, { method: 'GET', headers: TRACED });
      await send(`${running.callbackOrigin}/openim/callbackNoSuch`, { body: '{}' });
      const [first, second] = running.log.lines();
      expect(first).to.include({ cause: 'wrong-method', trace_id: TRACE });
      expect(second).to.not.have.property('trace_id');
      expect(collector.requests).to.deep.equal([]);
    });
  });
});

describe('a tracer', () => {
  it('records the share of callbacks that is wanted', () => {
    const sent: EndedSpan[] = [];
    const draws = [0.1, 0.5, 0.9];
    const tracer = createTracer({
      sample: 0.5,
      send: (span) => sent.push(span),
      random: () => draws.shift()!,
    });
    const spans = [tracer.start(undefined), tracer.start(undefined), tracer.start(undefined)];
    expect(spans.map((span) => span !== undefined)).to.deep.equal([true, false, false]);
  });

  it('follows its caller', () => {
    const tracer = createTracer({ sample: 0.5, send: () => undefined, random: () => 0 });
    const parent = { traceId: TRACE, spanId: PARENT, isSampled: false };
    expect(tracer.start(parent)).to.equal(undefined);
    expect(tracer.start({ ...parent, isSampled: true })?.traceId).to.equal(TRACE);
  });
});

describe('the exporter of spans', () => {
  const span: EndedSpan = {
    traceId: TRACE,
    spanId: PARENT,
    name: 'callback x',
    endedAt: 1_700_000_000_000,
    duration: 1.5,
    attributes: { none: undefined, text: 'a', whole: 7, part: 0.5, yes: true, many: ['a', 'b'] },
  };
  const open = (endpoint: string, capacity = 4096) => {
    const losses: [number, string][] = [];
    const exporter = createSpanExporter({
      endpoint,
      service: 'x',
      capacity,
      onLoss: (spans, reason) => void losses.push([spans, reason]),
    });
    return { exporter, losses };
  };

  it('writes OTLP: ids in hex, nanoseconds and whole numbers as texts', async () => {
    const collector = await startCollector();
    const { exporter } = open(collector.endpoint);
    exporter.push(span);
    await exporter.close(5000);
    expect(collector.spans()).to.deep.equal([
      {
        traceId: TRACE,
        spanId: PARENT,
        name: 'callback x',
        kind: 2,
        startTimeUnixNano: '1699999999998500000',
        endTimeUnixNano: '1700000000000000000',
        attributes: [
          { key: 'text', value: { stringValue: 'a' } },
          { key: 'whole', value: { intValue: '7' } },
          { key: 'part', value: { doubleValue: 0.5 } },
          { key: 'yes', value: { boolValue: true } },
          { key: 'many', value: { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } } },
        ],
      },
    ]);
    expect(exporter.counts()).to.deep.equal({ sent: 1, lost: 0, waiting: 0 });
    await collector.close();
  });

  it('sends many in batches, one after the other', async () => {
    const collector = await startCollector();
    const { exporter } = open(collector.endpoint);
    for (let number = 0; number < 1200; number += 1) exporter.push(span);
    await exporter.close(5000);
    expect(exporter.counts()).to.deep.equal({ sent: 1200, lost: 0, waiting: 0 });
    expect(collector.requests.map(({ spans }) => spans.length)).to.deep.equal([512, 512, 176]);
    await collector.close();
  });

  it('loses, and counts, what there is no room for', async () => {
    const collector = await startCollector();
    const { exporter, losses } = open(collector.endpoint, 2);
    for (let number = 0; number < 3; number += 1) exporter.push(span);
    expect(losses).to.deep.equal([[1, 'full']]);
    await exporter.close(5000);
    expect(exporter.counts()).to.deep.equal({ sent: 2, lost: 1, waiting: 0 });
    await collector.close();
  });

  it('loses, and counts, what a collector does not take or is not there for', async () => {
    const collector = await startCollector(500);
    const refused = open(collector.endpoint);
    refused.exporter.push(span);
    await refused.exporter.close(5000);
    expect(refused.losses).to.deep.equal([[1, 'status 500']]);
    await collector.close();
    const gone = open(collector.endpoint);
    gone.exporter.push(span);
    await gone.exporter.close(5000);
    expect(gone.losses).to.deep.equal([[1, 'ECONNREFUSED']]);
  });
});
