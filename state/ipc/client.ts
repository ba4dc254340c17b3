/** A state store in another process, asked over whatever carries texts both ways. */
import type { StateAnswer, StateCommand, StateStore } from '../../engine/state.js';
import { readReply, type Request, type Turn } from './messages.js';

export interface StateClientOptions {
  /** Sends a text to the process that has the store. @returns whether it can be sent */
  readonly send: (text: string) => boolean;
  /** Milliseconds that an answer may take. */
  readonly timeout?: number;
}

export interface StateClient extends StateStore {
  run(commands: readonly StateCommand[]): Promise<StateAnswer>;
  /** Takes a text that the other process has sent. */
  hear(text: string): void;
  /** The other process is gone: rejects what waits, and what is asked from now on. */
  cut(): void;
  /** Resolves when everything that was asked has been answered or given up. */
  settled(): Promise<void>;
}

const TIMEOUT = 500;
const GONE = 'the process that keeps the state is gone';

/** Somebody who waits for an answer. */
interface Waiting {
  readonly commands: readonly StateCommand[];
  readonly resolve: (answer: StateAnswer) => void;
  readonly reject: (error: Error) => void;
}

interface Sent {
  readonly waiting: readonly Waiting[];
  readonly limit: NodeJS.Timeout;
}

/** Everything that is asked within one turn of the event loop goes in one text. */
export function createStateClient({ send, timeout = TIMEOUT }: StateClientOptions): StateClient {
  const sent = new Map<number, Sent>();
  let next: Waiting[] = [];
  let lastId = 0;
  let isCut = false;
  let watchers: (() => void)[] = [];

  const isIdle = (): boolean => next.length === 0 && sent.size === 0;

  function tellIdle(): void {
    if (!isIdle()) return;
    const all = watchers;
    watchers = [];
    for (const resolve of all) resolve();
  }

  /** @returns what was sent under a number and not answered yet */
  function take(id: number): readonly Waiting[] {
    const found = sent.get(id);
    if (found === undefined) return [];
    sent.delete(id);
    clearTimeout(found.limit);
    return found.waiting;
  }

  function giveUp(id: number): void {
    rejectAll(take(id), `the process that keeps the state has not answered within ${timeout} ms`);
    tellIdle();
  }

  function flush(): void {
    const waiting = next;
    next = [];
    lastId += 1;
    const id = lastId;
    const request: Request = [id, waiting.map(({ commands }) => commands)];
    if (isCut || !send(JSON.stringify(request))) {
      rejectAll(waiting, GONE);
      tellIdle();
      return;
    }
    // What has come meanwhile is heard first, when it is this process that was busy for so long.
    const limit = setTimeout(() => setImmediate(giveUp, id), timeout);
    sent.set(id, { waiting, limit });
  }

  return {
    run(commands) {
      return new Promise((resolve, reject) => {
        next.push({ commands, resolve, reject });
        if (next.length === 1) setImmediate(flush);
      });
    },
    hear(text) {
      const [id, turns] = readReply(text);
      // None when it comes too late.
      for (const [index, waiting] of take(id).entries()) settle(waiting, turns[index]);
      tellIdle();
    },
    cut() {
      isCut = true;
      for (const id of [...sent.keys()]) rejectAll(take(id), GONE);
      tellIdle();
    },
    settled: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => void watchers.push(resolve))),
  };
}

function settle({ resolve, reject }: Waiting, turn: Turn | undefined): void {
  if (turn === undefined) reject(new Error('the process that keeps the state has left something out'));
  else if (typeof turn === 'string') reject(new Error(turn));
  else resolve(turn);
}

function rejectAll(waiting: readonly Waiting[], reason: string): void {
  for (const { reject } of waiting) reject(new Error(reason));
}
