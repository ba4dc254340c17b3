/** The regular sign of life of a process. */
import { randomUUID } from 'node:crypto';
import type { Redis } from '../state/redis/redis.js';
import type { Beat } from './beat.js';
import { leaveRoll, sendBeat } from './roll.js';

export interface Heartbeat {
  /** Says at once what has changed. */
  beat(): void;
  /** Takes leave, if Redis can be asked. */
  close(): Promise<void>;
}

export interface HeartbeatParts {
  readonly redis: Redis;
  /** What there is to say now. */
  readonly read: () => Beat;
  /** Milliseconds between two signs of life. */
  readonly interval?: number;
}

const INTERVAL = 2_000;

/** A beat that Redis does not take is missed; the connection tells what is wrong. */
export function startHeartbeat({ redis, read, interval = INTERVAL }: HeartbeatParts): Heartbeat {
  const id = randomUUID();
  let isClosed = false;
  let sending: Promise<void> | undefined;

  function beat(): void {
    if (isClosed) return;
    const next = (sending ?? Promise.resolve())
      .then(() => sendBeat(redis, id, read()))
      .catch(() => undefined)
      .finally(() => {
        if (sending === next) sending = undefined;
      });
    sending = next;
  }

  const timer = setInterval(() => {
    // One at a time: a slow Redis must not be sent ever more.
    if (sending === undefined) beat();
  }, interval);
  timer.unref();
  const stop = redis.onChange(({ connected }) => {
    if (connected) beat();
  });
  beat();
  return {
    beat,
    async close() {
      isClosed = true;
      clearInterval(timer);
      stop();
      await sending;
      await leaveRoll(redis, id).catch(() => undefined);
    },
  };
}
