/** A platform of tests: its bodies name the actor and stage, its replies show the decision as it is. */
import type { Adapter, AppSettings, Callback, WireRequest } from '../../adapters/adapter.js';
import type { Event } from '../../engine/event.js';
import type { FactName, FactValue } from '../../engine/facts.js';

export const fakeApp: AppSettings = {
  id: 'fake',
  path: '/fake',
  default: 'allow',
  onFailure: 'refuse',
  deadline: 60_000,
};

/** An event of a friend request with one target per name. */
export function fakeEvent(actor: string, targets: readonly string[] = []): Event {
  const facts = new Map<FactName, FactValue>([['actor.id', actor]]);
  const seenBy = (id: string): Map<FactName, FactValue> => new Map([...facts, ['target.id', id]]);
  return {
    kind: 'friend.request',
    stage: 'before',
    facts,
    targets: targets.map((id) => ({ id, facts: seenBy(id) })),
  };
}

function readFake({ body, bodyFailure, subpath }: WireRequest): Callback {
  const common = { command: 'fake', wireCommand: 'fake', body: {} } as const;
  const stage = subpath === 'after' ? 'after' : 'before';
  if (bodyFailure !== undefined)
    return { ...common, stage, outcome: { type: 'failure', failure: bodyFailure } };
  if (subpath === 'unknown')
    return { stage, body: {}, wireCommand: 'unknown', outcome: { type: 'unknown-command' } };
  const { actor, targets = [] } = body as { actor: string; targets?: string[] };
  return { ...common, stage, outcome: { type: 'event', event: fakeEvent(actor, targets) } };
}

/** The fake platform's adapter, with parts of it replaced. */
export function fakeAdapter(parts: Partial<Adapter> = {}): Adapter {
  return {
    platform: 'fake',
    read: readFake,
    render: ({ outcome }, { revision, rulings }) => ({
      body: {
        outcome: outcome.type,
        revision,
        verdicts: rulings.map(({ verdict }) => verdict),
        message: rulings[0]?.refusal?.message ?? null,
      },
      shortfalls: [],
    }),
    replyNeedsBody: () => false,
    ...parts,
  };
}
