/** A worker without a process. */
import type { Socket } from 'node:net';
import { NO_MEMORY } from '../../engine/memory.js';
import type { RuleStoreStatus } from '../../store/rule-store.js';
import type { Exit, Member, MemberState } from '../../server/cluster/member.js';
import { WorkerFailure } from '../../server/cluster/member.js';

export interface FakeMember extends Member {
  /** It begins to serve. */
  serve(): void;
  /** Its process ends. */
  crash(exit?: Exit): void;
  readonly given: Socket[];
  hasRevision(revision: string, since: number): void;
}

const RULES: RuleStoreStatus = {
  revision: null,
  source: 'files',
  release: null,
  latestRelease: null,
  keptAt: null,
  files: 1,
  rules: { enforce: 1, shadow: 0, off: 0 },
  lists: 0,
  liveLists: [],
  memory: NO_MEMORY,
  lastReload: null,
  watching: null,
};

/** @param endsWhenDrained whether it ends as soon as it is told to */
export function fakeMember(slot: number, endsWhenDrained = true): FakeMember {
  let state: MemberState = 'starting';
  let rules: ReturnType<Member['rules']>;
  let serving: [(status: RuleStoreStatus) => void, (error: Error) => void] = [
    () => undefined,
    () => undefined,
  ];
  let ended: (exit: Exit) => void = () => undefined;
  const whenServing = new Promise<RuleStoreStatus>((...settlers) => (serving = settlers));
  whenServing.catch(() => undefined);
  const whenEnded = new Promise<Exit>((resolve) => (ended = resolve));
  const given: Socket[] = [];

  function crash(exit: Exit = { code: null, signal: 'SIGKILL' }): void {
    state = 'ended';
    serving[1](new WorkerFailure('it ended'));
    ended(exit);
  }

  return {
    slot,
    pid: 1000 + slot,
    state: () => state,
    serving: whenServing,
    ended: whenEnded,
    rules: () => rules,
    give: (connection) => void given.push(connection),
    untaken: () => given.length,
    report: () => Promise.resolve(undefined),
    tellLists: () => undefined,
    drain() {
      state = 'draining';
      if (endsWhenDrained) crash({ code: 0, signal: null });
    },
    kill: () => crash(),
    serve() {
      state = 'serving';
      serving[0](RULES);
    },
    crash,
    given,
    hasRevision: (revision, since) => void (rules = { status: { ...RULES, revision }, since }),
  };
}
