import { expect } from 'chai';
import { EXPIRED, startDeadline, withinDeadline } from '../../server/deadline.js';

/** Holds the thread, so that no timer can fire. @param milliseconds */
function holdThread(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('a deadline', () => {
  it('expires', async () => {
    const deadline = startDeadline(1);
    expect(await deadline.expired).to.equal(EXPIRED);
    expect(deadline.isOver()).to.equal(true);
  });

  it('is over by the clock while no timer can fire', () => {
    const deadline = startDeadline(5);
    holdThread(6);
    expect(deadline.isOver()).to.equal(true);
    deadline.clear();
  });

  it('is near its end before it ends', async () => {
    const deadline = startDeadline(50);
    const first = await Promise.race([deadline.nearEnd().then(() => 'near'), deadline.expired]);
    expect(first).to.equal('near');
    deadline.clear();
  });

  it('is near its end at once when most of the time has passed before somebody asks', async () => {
    const deadline = startDeadline(60_000);
    const late = startDeadline(-1);
    expect(late.isOver()).to.equal(true);
    await late.nearEnd();
    expect(deadline.isOver()).to.equal(false);
    for (const each of [deadline, late]) each.clear();
  });

  it('calls who listens when it expires, and at once who listens afterwards', async () => {
    const calls: string[] = [];
    const deadline = startDeadline(1);
    deadline.onExpired(() => calls.push('first'));
    deadline.onExpired(() => calls.push('second'));
    await deadline.expired;
    deadline.onExpired(() => calls.push('late'));
    expect(calls).to.deep.equal(['first', 'second', 'late']);
  });

  it('never expires once it was cleared', async () => {
    const calls: string[] = [];
    const cleared = startDeadline(1);
    cleared.onExpired(() => calls.push('cleared'));
    const other = startDeadline(2);
    cleared.clear();
    await other.expired;
    expect(calls).to.deep.equal([]);
  });

  it('expires in its turn among many, in whichever order they were started and cleared', async () => {
    const order: number[] = [];
    const milliseconds = [30, 10, 60_000, 20, 5, 60_000];
    const deadlines = milliseconds.map((each) => {
      const deadline = startDeadline(each);
      deadline.onExpired(() => order.push(each));
      return deadline;
    });
    deadlines[2]?.clear();
    for (const index of [0, 1, 3, 4]) await deadlines[index]?.expired;
    expect(order).to.deep.equal([5, 10, 20, 30]);
    expect(deadlines[5]?.isOver()).to.equal(false);
    deadlines[5]?.clear();
  });

  it('may be longer than a timer of Node can wait', async () => {
    const long = startDeadline(2 ** 40);
    const short = startDeadline(1);
    await short.expired;
    expect(long.isOver()).to.equal(false);
    long.clear();
  });
});

describe('work within a deadline', () => {
  it('yields what it yields', async () => {
    const deadline = startDeadline(60_000);
    expect(await withinDeadline(Promise.resolve('done'), deadline)).to.equal('done');
    deadline.clear();
  });

  it('rejects as the work does', async () => {
    const deadline = startDeadline(60_000);
    const failed = withinDeadline(Promise.reject(new Error('broken')), deadline);
    expect(await failed.catch((error: unknown) => error))
      .to.be.an('error')
      .with.property('message', 'broken');
    deadline.clear();
  });

  it('is given up when the time is over', async () => {
    const never = new Promise<string>(() => undefined);
    expect(await withinDeadline(never, startDeadline(1))).to.equal(EXPIRED);
  });
});
