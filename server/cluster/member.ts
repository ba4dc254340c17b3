/** A worker process as the primary sees it. */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ListUpdate } from '../../state/lists/updates.js';
import type { Reload, RuleStoreStatus } from '../../store/rule-store.js';
import { EXPIRED, startDeadline } from '../deadline.js';
import { isAnswer, type Answer, type Order, type WorkerReport, type WorkerTask } from './messages.js';

/**
 * - `starting`: it loads its rules
 * - `serving`: it answers callbacks
 * - `draining`: it was told to finish what it has, and to end
 * - `ended`: its process is gone
 */
export type MemberState = 'starting' | 'serving' | 'draining' | 'ended';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not serve, in its own words. */
  readonly reason?: string;
}

/** A worker ended before it answered callbacks; the message is for people. */
export class WorkerFailure extends Error {}

export interface Member {
  readonly slot: number;
  readonly pid: number | undefined;
  state(): MemberState;
  /** Resolves when it answers callbacks. Rejects with a {@link WorkerFailure} when it ends before. */
  readonly serving: Promise<RuleStoreStatus>;
  readonly ended: Promise<Exit>;
  /** Its rules, and since when it has had this revision, on the clock of `performance.now()`. */
  rules(): { readonly status: RuleStoreStatus; readonly since: number } | undefined;
  /** Hands a connection over. It comes back when the worker ends without having taken it. */
  give(connection: Socket): void;
  /** Connections that it has not taken yet. */
  untaken(): number;
  /** @param timeLimit milliseconds. @returns `undefined` when it does not answer in time */
  report(timeLimit: number): Promise<WorkerReport | undefined>;
  /** Tells it about live lists; `null` once it knows all that there is. */
  tellLists(update: ListUpdate | null): void;
  drain(): void;
  kill(): void;
}

export interface MemberEvents {
  readonly onServing: () => void;
  readonly onReload: (reload: Reload, rules: RuleStoreStatus) => void;
  /** It wants to tell people something. */
  readonly onSaid: (text: string) => void;
  /** It should be replaced. */
  readonly onUnsound: () => void;
  /** A connection was not taken. */
  readonly onReturned: (connection: Socket) => void;
  /** It asks for what rules remember. @param reply takes the answer */
  readonly onState?: (text: string, reply: (text: string) => void) => void;
}

/** Puts a process to work that runs `worker-main`. */
export function createMember(child: ChildProcess, task: WorkerTask, events: MemberEvents): Member {
  let state: MemberState = 'starting';
  let rules: { status: RuleStoreStatus; since: number } | undefined;
  let failure: string | undefined;
  let lastId = 0;
  const untaken = new Map<number, Socket>();
  const asked = new Map<number, (report: WorkerReport | undefined) => void>();

  const serving = settleable<RuleStoreStatus>();
  serving.promise.catch(() => undefined);
  const ended = settleable<Exit>();

  function order(what: Order, connection?: Socket): void {
    if (!child.connected) return;
    // What cannot be sent is settled when the process ends, which is what a broken channel means.
    child.send(what, connection, { keepOpen: true }, () => undefined);
  }

  function follow(status: RuleStoreStatus): void {
    const isSame = status.revision === rules?.status.revision;
    rules = { status, since: isSame ? (rules?.since ?? performance.now()) : performance.now() };
  }

  function hear(answer: Answer): void {
    switch (answer.type) {
      case 'serving':
        follow(answer.rules);
        if (state === 'starting') state = 'serving';
        serving.resolve(answer.rules);
        events.onServing();
        return;
      case 'failed':
        failure = answer.message;
        return;
      case 'said':
        events.onSaid(answer.text);
        return;
      case 'taken':
        // The worker has a handle of its own now.
        untaken.get(answer.id)?.destroy();
        untaken.delete(answer.id);
        return;
      case 'reloaded':
        follow(answer.rules);
        events.onReload(answer.reload, answer.rules);
        return;
      case 'report':
        asked.get(answer.id)?.(answer.report);
        return;
      case 'state':
        events.onState?.(answer.text, (text) => order({ type: 'state', text }));
        return;
      case 'unsound':
        events.onUnsound();
    }
  }

  child.on('message', (message) => {
    if (isAnswer(message)) hear(message);
  });
  child.on('error', () => {
    // A process that could not be created never exits.
    if (child.pid === undefined) end({ code: null, signal: null });
  });
  child.once('exit', (code, signal) => end({ code, signal }));
  order({ type: 'start', ...task });

  function end({ code, signal }: Omit<Exit, 'reason'>): void {
    if (state === 'ended') return;
    state = 'ended';
    const how = signal === null ? `with code ${code ?? 'unknown'}` : `by ${signal}`;
    serving.reject(new WorkerFailure(failure ?? `a worker ended ${how} before it could serve`));
    for (const answer of asked.values()) answer(undefined);
    for (const connection of untaken.values()) events.onReturned(connection);
    untaken.clear();
    ended.resolve({ code, signal, ...(failure !== undefined && { reason: failure }) });
  }

  return {
    slot: task.slot,
    pid: child.pid,
    state: () => state,
    serving: serving.promise,
    ended: ended.promise,
    rules: () => rules,
    give(connection) {
      lastId += 1;
      untaken.set(lastId, connection);
      order({ type: 'connection', id: lastId }, connection);
    },
    untaken: () => untaken.size,
    async report(timeLimit) {
      lastId += 1;
      const id = lastId;
      const answer = new Promise<WorkerReport | undefined>((resolve) => asked.set(id, resolve));
      const limit = startDeadline(timeLimit);
      order({ type: 'report', id });
      const report = await Promise.race([answer, limit.expired]);
      limit.clear();
      asked.delete(id);
      return report === EXPIRED ? undefined : report;
    },
    tellLists: (update) => order({ type: 'lists', update }),
    drain() {
      if (state === 'ended') return;
      state = 'draining';
      order({ type: 'drain' });
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

interface Settleable<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function settleable<T>(): Settleable<T> {
  let resolve: Settleable<T>['resolve'] = () => undefined;
  let reject: Settleable<T>['reject'] = () => undefined;
  const promise = new Promise<T>((...settlers) => ([resolve, reject] = settlers));
  return { promise, resolve: (value) => resolve(value), reject: (error) => reject(error) };
}
