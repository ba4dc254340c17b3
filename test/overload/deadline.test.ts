import { expect } from 'chai';
import { EXPIRED, startDeadline } from '../../server/deadline.js';

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
});
