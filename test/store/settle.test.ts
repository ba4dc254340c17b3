import { expect } from 'chai';
import { createSettler, type Settler } from '../../store/settle.js';

/** A job whose runs begin and end when the test says so. */
function createJob() {
  const starts: (() => void)[] = [];
  const waiting: ((end: () => void) => void)[] = [];
  return {
    runs: 0,
    running: 0,
    mostRunning: 0,
    run(): Promise<void> {
      this.runs += 1;
      this.running += 1;
      this.mostRunning = Math.max(this.mostRunning, this.running);
      return new Promise((resolve) => {
        const end = (): void => {
          this.running -= 1;
          resolve();
        };
        const next = waiting.shift();
        if (next === undefined) starts.push(end);
        else next(end);
      });
    },
    /** Resolves when a run has begun; the value ends it. */
    began(): Promise<() => void> {
      const end = starts.shift();
      return end === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(end);
    },
  };
}

describe('settler', () => {
  let settler: Settler;
  afterEach(() => settler.close());

  it('runs the job once for triggers in short order', async () => {
    const job = createJob();
    settler = createSettler(() => job.run(), { quiet: 5, atMost: 1000 });
    for (let count = 0; count < 100; count += 1) settler.trigger();
    expect(job.runs).to.equal(0);
    (await job.began())();
    await settler.close();
    expect(job.runs).to.equal(1);
  });

  it('runs the job although triggers never end', async () => {
    const job = createJob();
    settler = createSettler(() => job.run(), { quiet: 60_000, atMost: 5 });
    const trigger = setInterval(() => settler.trigger(), 1);
    const end = await job.began();
    clearInterval(trigger);
    end();
  });

  it('runs the job again for what happens meanwhile, but never twice at a time', async () => {
    const job = createJob();
    settler = createSettler(() => job.run(), { quiet: 1, atMost: 10 });
    settler.trigger();
    const end = await job.began();
    settler.trigger();
    settler.trigger();
    expect(job.runs).to.equal(1);
    end();
    (await job.began())();
    expect(job.runs).to.equal(2);
    expect(job.mostRunning).to.equal(1);
  });

  it('ends only when the job has ended, and starts no other', async () => {
    const job = createJob();
    settler = createSettler(() => job.run(), { quiet: 1, atMost: 10 });
    settler.trigger();
    const end = await job.began();
    settler.trigger();
    const closed = settler.close().then(() => job.running);
    end();
    expect(await closed).to.equal(0);
    settler.trigger();
    expect(job.runs).to.equal(1);
  });
});
