import { createServer } from 'node:net';
import { expect } from 'chai';
import { quietMoment } from '../../server/quiet-moment.js';

describe('the quiet moment', () => {
  it('is not in a turn in which somebody comes', async () => {
    const server = createServer();
    let left = 30;
    const come = (): void => {
      if (left === 0) return;
      left -= 1;
      server.emit('connection');
      setImmediate(come);
    };
    setImmediate(come);
    await quietMoment(server);
    expect(left).to.equal(0);
  });

  it('comes when nobody does, and leaves nothing behind', async () => {
    const server = createServer();
    await quietMoment(server);
    expect(server.listenerCount('connection')).to.equal(0);
  });

  it('comes in the end when somebody always comes', async () => {
    const server = createServer();
    let isOver = false;
    const come = (): void => {
      server.emit('connection');
      if (!isOver) setImmediate(come);
    };
    setImmediate(come);
    await quietMoment(server);
    isOver = true;
    expect(server.listenerCount('connection')).to.equal(0);
  });
});
