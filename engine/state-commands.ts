/** The commands that one callback makes of the names that authors give and of the facts that it carries. */
import type { Effects } from './effects.js';
import type { JudgedEvent } from './event.js';
import { PENDING, type FactReader } from './fact-reader.js';
import type { EventFactName } from './facts.js';
import type { Feed, MemoryPlan } from './memory-plan.js';
import type { Cooldown } from './parse/rules.js';
import { digest, keyOf, memberOf, tokenOf, valuesOf } from './state-keys.js';
import type { CountEffect, StateCommand, StateKey } from './state.js';
import type { StateFact } from './state-facts.js';
import { labelCommand, strikesCommand, subjectKey, type Subject } from './subject.js';

/** What a rule that is followed does to what is remembered. */
export interface Deed {
  readonly rule: string;
  readonly effects: Effects;
}

export interface StateCommands {
  /** How the event is counted; `undefined` when it is not. */
  feed(feed: Feed, facts: FactReader): ((effect: CountEffect) => readonly StateCommand[]) | undefined;
  /** What tells a fact; nothing where nobody says whose it is. */
  read(fact: StateFact, facts: FactReader): readonly StateCommand[];
  /** `undefined` where nobody says whose the cool-down is. */
  claim(rule: string, cooldown: Cooldown, facts: FactReader): StateCommand | undefined;
  keep(deed: Deed, facts: FactReader): readonly StateCommand[];
}

/** @param at the moment of the callback, in milliseconds since 1970 */
export function createStateCommands(
  { memory, feedOf }: MemoryPlan,
  event: JudgedEvent,
  at: number,
): StateCommands {
  let known: string | undefined;
  /** The same for a repeated callback; empty where the event cannot be told from others. */
  const occurrence = (): string => (known ??= event.occurrence?.() ?? '');

  /** Tells the deeds of rules apart; a callback that cannot be told from others has its moment. */
  const deedToken = (rule: string, facts: FactReader): string =>
    digest(rule, occurrence() === '' ? `${at}` : occurrence(), textOf(facts, 'target.id'));

  function tokenFor({ dependsOnTarget }: Feed, facts: FactReader): string {
    if (occurrence() === '') return '';
    return dependsOnTarget ? tokenOf(occurrence(), textOf(facts, 'target.id')) : tokenOf(occurrence());
  }

  function count(
    feed: Feed,
    key: StateKey,
    effect: CountEffect,
    facts: FactReader,
  ): StateCommand | undefined {
    const { distinct, window } = feed.counter;
    const common = { ...key, effect, window, at };
    if (distinct === null) {
      return { type: 'count', ...common, token: effect === 'read' ? '' : tokenFor(feed, facts) };
    }
    if (effect === 'read') return { type: 'distinct', ...common, member: '' };
    const value = facts.peek(distinct);
    if (value === undefined || value === PENDING) return undefined;
    return { type: 'distinct', ...common, member: memberOf(String(value)) };
  }

  function countBy(feed: Feed, by: readonly EventFactName[], effect: CountEffect, facts: FactReader) {
    const { name, scope } = feed.counter;
    const app = textOf(facts, 'app.id');
    return (valuesOf(by, facts) ?? []).flatMap(
      (values) => count(feed, keyOf({ kind: 'count', name, scope, app, values }), effect, facts) ?? [],
    );
  }

  function subjectOf(by: readonly EventFactName[], facts: FactReader): Subject | undefined {
    const values = valuesOf(by, facts)?.[0];
    return values && { app: textOf(facts, 'app.id'), by, values };
  }

  return {
    feed(feed, facts) {
      if (feed.where !== null && feed.where(facts) !== true) return undefined;
      if (valuesOf(feed.counter.by, facts) === undefined) return undefined;
      return (effect) => countBy(feed, feed.counter.by, effect, facts);
    },
    read({ kind, name, by }, facts) {
      switch (kind) {
        case 'count': {
          const feed = feedOf(name);
          return feed === undefined ? [] : countBy(feed, by, 'read', facts);
        }
        case 'strikes': {
          const subject = subjectOf(by, facts);
          return subject ? [strikesCommand(memory, name, subject, { effect: 'read', at, member: '' })] : [];
        }
        case 'label': {
          const subject = subjectOf(by, facts);
          return subject ? [labelCommand(memory, name, subject, { effect: 'read', at, until: 0 })] : [];
        }
      }
    },
    claim(rule, { length, by }, facts) {
      const subject = subjectOf(by, facts);
      if (subject === undefined) return undefined;
      const key = subjectKey({ kind: 'cooldown', name: rule, scope: 'app' }, subject);
      return { type: 'claim', ...key, at, until: at + length, token: deedToken(rule, facts) };
    },
    keep({ rule, effects }, facts) {
      const strikes = effects.strikes.flatMap(({ ladder, by }): StateCommand | readonly StateCommand[] => {
        const subject = subjectOf(by, facts);
        const member = deedToken(rule, facts);
        return subject ? strikesCommand(memory, ladder, subject, { effect: 'add', at, member }) : [];
      });
      const labels = effects.labels.flatMap(
        ({ name, target, length }): StateCommand | readonly StateCommand[] => {
          const subject = subjectOf([target], facts);
          return subject
            ? labelCommand(memory, name, subject, { effect: 'set', at, until: at + length })
            : [];
        },
      );
      return [...strikes, ...labels];
    },
  };
}

function textOf(facts: FactReader, name: EventFactName): string {
  const value = facts.peek(name);
  return typeof value === 'string' ? value : '';
}
