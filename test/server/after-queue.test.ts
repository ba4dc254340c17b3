import { expect } from 'chai';
import { createAfterQueue, type AfterQueueOptions } from '../../server/after-queue.js';

function queueWith(options: Partial<AfterQueueOptions> = {}) {
  const errors: unknown[] = [];
  const queue = createAfterQueue({
    capacity: 100,
    concurrency: 2,
    timeLimit: 60_000,
    onError: (error) => void errors.push(error),
    ...options,
  });
  return { queue, errors };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the queue of work after replies', () => {
  it('starts nothing in the turn in which it was pushed', async () => {
    const { queue } = queueWith();
    let hasRun = false;
    queue.push(() => {
      hasRun = true;
      return Promise.resolve();
    });
    await Promise.resolve();
    expect(hasRun).to.equal(false);
    await queue.idle();
    expect(hasRun).to.equal(true);
  });

  it('runs everything in order, no more than allowed at once', async () => {
    const { queue } = queueWith();
    const started: number[] = [];
    let running = 0;
    let most = 0;
    for (let number = 0; number < 20; number += 1) {
      queue.push(async () => {
        started.push(number);
        running += 1;
        most = Math.max(most, running);
        await turn();
        running -= 1;
      });
    }
    await queue.idle();
    expect(started).to.deep.equal([...Array(20).keys()]);
    expect(most).to.equal(2);
    expect(queue.counts()).to.deep.equal({ waiting: 0, running: 0, done: 20, failed: 0, dropped: 0 });
  });

  it('drops what it has no room for, and says so', async () => {
    const { queue } = queueWith({ capacity: 3 });
    const taken = [1, 2, 3, 4, 5].map(() => queue.push(() => Promise.resolve()));
    expect(taken).to.deep.equal([true, true, true, false, false]);
    await queue.idle();
    expect(queue.counts()).to.include({ done: 3, dropped: 2 });
    expect(queue.push(() => Promise.resolve())).to.equal(true);
  });

  it('goes on after tasks that throw or reject', async () => {
    const { queue, errors } = queueWith({ concurrency: 1 });
    queue.push(() => {
      throw new Error('thrown');
    });
    queue.push(() => Promise.reject(new Error('rejected')));
    queue.push(() => Promise.resolve());
    await queue.idle();
    expect(errors.map(String)).to.deep.equal(['Error: thrown', 'Error: rejected']);
    expect(queue.counts()).to.include({ done: 1, failed: 2 });
  });

  it('gives up on tasks that hang', async () => {
    const { queue, errors } = queueWith({ concurrency: 1, timeLimit: 5 });
    queue.push(() => new Promise(() => undefined));
    queue.push(() => Promise.resolve());
    await queue.idle();
    expect(errors.map(String)).to.deep.equal(['Error: took too long and was given up']);
    expect(queue.counts()).to.include({ done: 1, failed: 1, running: 0 });
  });

  it('is idle when it never had anything to do', async () => {
    await queueWith().queue.idle();
  });
});
