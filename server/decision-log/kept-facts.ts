/** Which facts a line of the decision log keeps, and how it shows them. */
import { createHmac } from 'node:crypto';
import { factsMatching } from '../../engine/fact-patterns.js';
import type { FactName, FactValue } from '../../engine/facts.js';
import type { Kind } from '../../engine/kinds.js';
import { factsOf } from '../../engine/kinds.js';
import type { DecisionLogSettings } from '../../store/config.js';

/** Facts that every line tells under a name of its own, and which are therefore never among its `facts`. */
export const LINE_FACTS = {
  platform: 'platform',
  'app.id': 'app',
  command: 'command',
  'event.kind': 'kind',
  'event.stage': 'stage',
  'actor.id': 'actor',
  'target.id': 'target',
  'group.id': 'group',
} as const satisfies Partial<Record<FactName, string>>;

/** What people say to each other: `text` rules how it is written. */
const SPOKEN: ReadonlySet<FactName> = new Set<FactName>([
  'message.text',
  'message.links',
  'message.linkDomains',
  'message.media',
  'message.customData',
  // Whoever guesses a short text can tell by its fingerprint that it is the one.
  'message.fingerprint',
  'message.extra',
  'extension.values',
  'friend.wording',
  'join.message',
  'push.title',
  'push.description',
  'push.custom',
  'moderation.keywords',
]);

/** What a line says about its own completeness: enough to tell an absent fact from one that was left out. */
export interface Kept {
  readonly facts: readonly string[];
  readonly text: DecisionLogSettings['text'];
}

export interface FactKeeper {
  readonly kept: Kept;
  /** Facts that lines of this kind keep, whatever the event has of them. */
  namesFor(kind: Kind): readonly FactName[];
  /** A value as it is written; `undefined` when it is left out. */
  show(fact: FactName, value: FactValue): FactValue | undefined;
}

type KeeperSettings = Pick<DecisionLogSettings, 'facts' | 'text' | 'hashKey'>;

export function createFactKeeper({ facts, text, hashKey = '' }: KeeperSettings): FactKeeper {
  const kept: Kept = { facts, text };
  const selected = selectedFacts(kept);
  const shown = new Set([...selected].filter((fact) => text !== 'none' || !SPOKEN.has(fact)));
  const hash = (value: string): string =>
    `hmac-sha256:${createHmac('sha256', hashKey).update(value).digest('base64url')}`;
  const byKind = new Map<Kind, readonly FactName[]>();
  return {
    kept,
    namesFor(kind) {
      let names = byKind.get(kind);
      if (names === undefined) {
        names = [...factsOf(kind)].filter((fact) => shown.has(fact) && !Object.hasOwn(LINE_FACTS, fact));
        byKind.set(kind, names);
      }
      return names;
    },
    show(fact, value) {
      if (!shown.has(fact)) return undefined;
      if (text !== 'hash' || !SPOKEN.has(fact)) return value;
      return typeof value === 'object' ? value.map(hash) : hash(String(value));
    },
  };
}

/** Whoever asks for the text gets it, without naming it among the facts too. */
function selectedFacts({ facts, text }: Kept): ReadonlySet<FactName> {
  const named = facts.flatMap(factsMatching);
  return new Set(text === 'none' ? named : [...named, 'message.text' as const]);
}

/** Facts whose values can be read from lines that keep this: what is missing there, the event did not have. */
export function knownFacts(kept: Kept): ReadonlySet<FactName> {
  const selected = [...selectedFacts(kept)];
  return new Set(selected.filter((fact) => kept.text === 'full' || !SPOKEN.has(fact)));
}
