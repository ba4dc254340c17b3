import { expect } from 'chai';
import { createOverloadGuard } from '../../server/overload.js';
import { createLagMeter } from '../../server/overload-lag.js';

function guardWith(maxInFlight: number) {
  const state = { lag: 0 };
  const lag = { now: () => state.lag, worst: () => state.lag, close: () => undefined };
  return { guard: createOverloadGuard({ maxInFlight, lag }), state };
}

describe('the overload guard', () => {
  it('lets in as many as may be in flight, and others when those have left', () => {
    const { guard } = guardWith(2);
    expect([guard.enter(800), guard.enter(800)]).to.deep.equal([undefined, undefined]);
    expect(guard.enter(800)).to.deep.equal({
      cause: 'overload',
      message: '2 callbacks are being answered already',
    });
    guard.leave();
    expect(guard.enter(800)).to.equal(undefined);
    expect(guard.counts()).to.deep.equal({ inFlight: 2, shed: { 'in-flight': 1, lag: 0 } });
  });

  it('turns away what may have waited for more than half of its deadline', () => {
    const { guard, state } = guardWith(1000);
    state.lag = 400;
    expect(guard.enter(800)).to.equal(undefined);
    state.lag = 401;
    expect(guard.enter(800)).to.deep.equal({
      cause: 'overload',
      message: 'the process is up to 401 ms behind',
    });
    expect(guard.enter(1500)).to.equal(undefined);
    expect(guard.counts()).to.deep.equal({ inFlight: 2, shed: { 'in-flight': 0, lag: 1 } });
  });
});

describe('the lag of the event loop', () => {
  it('is there while work holds the thread, and remembered afterwards', async () => {
    const meter = createLagMeter();
    const end = performance.now() + 150;
    while (performance.now() < end);
    expect(meter.now()).to.be.at.least(100);
    // Its timer is due, and comes before the next one.
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(meter.worst()).to.be.at.least(100);
    meter.close();
  });

  it('is none before the next beat is due', () => {
    let now = 1000;
    const meter = createLagMeter(() => now);
    now += 50;
    expect(meter.now()).to.equal(0);
    now += 30;
    expect(meter.now()).to.equal(30);
    expect(meter.worst()).to.equal(30);
    meter.close();
  });
});
