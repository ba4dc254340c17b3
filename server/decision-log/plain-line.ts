/**
 * Lines of decisions with a verdict and nothing else, which nearly all are: the text that `JSON.stringify` makes
 * of `lineOf`, put together from pieces that are the same each time.
 */
import type { AppSettings, Callback } from '../../adapters/index.js';
import type { Ruling } from '../../engine/decision.js';
import type { Event } from '../../engine/event.js';
import type { FactName } from '../../engine/facts.js';
import type { FactKeeper } from './kept-facts.js';
import type { DecisionEntry } from './line.js';

/** @returns `undefined` when there is more to say */
export type PlainLines = (entry: DecisionEntry, now: number) => string | undefined;

export function createPlainLines(keeper: FactKeeper): PlainLines {
  const beginnings = new Map<AppSettings, Map<string, string>>();
  const time = createClockText();

  /** What all lines of a command of an app have in common. There are as many as the platform has commands. */
  function beginningOf(app: AppSettings, platform: string, callback: Callback, event: Event): string {
    const { command = '', stage } = callback;
    let ofApp = beginnings.get(app);
    if (ofApp === undefined) beginnings.set(app, (ofApp = new Map<string, string>()));
    let text = ofApp.get(command);
    if (text === undefined) {
      const common = { app: app.id, platform, command, kind: event.kind, stage };
      text = JSON.stringify(common).slice(1, -1);
      ofApp.set(command, text);
    }
    return text;
  }

  return (entry, now) => {
    const { id, app, platform, callback, decision, ms } = entry;
    const { outcome } = callback;
    const ruling = decision.rulings[0];
    if (outcome.type !== 'event' || ruling === undefined || !isPlain(entry, ruling)) return undefined;
    const { event } = outcome;
    if (event.targets.length > 0 || keeper.namesFor(event.kind).length > 0) return undefined;
    const { verdict, decidedBy, matched } = ruling;
    return [
      `{"time":"${time(now)}","id":"${id}",${beginningOf(app, platform, callback, event)}`,
      member('actor', event, 'actor.id'),
      member('target', event, 'target.id'),
      member('group', event, 'group.id'),
      `,"verdict":"${verdict}","rule":${decidedBy === null ? 'null' : JSON.stringify(decidedBy)}`,
      `,"revision":${JSON.stringify(decision.revision)},"ms":${Math.round(ms * 1000) / 1000}`,
      matched.length === 0 ? '}' : `,"matched":${JSON.stringify(matched.map(({ rule }) => rule))}}`,
    ].join('');
  };
}

/** Whether rules have given a verdict at most, and it was carried out as a whole. */
function isPlain({ app, callback, decision, degraded, shortfalls }: DecisionEntry, ruling: Ruling): boolean {
  const { matched, errors, rewrites, tags, notify, strikes, labels } = ruling;
  const further = errors.length + tags.length + notify.length + strikes.length + labels.length;
  return (
    further + rewrites.size + shortfalls.length === 0 &&
    decision.rulings.length === 1 &&
    degraded === undefined &&
    callback.command !== undefined &&
    app.enforce !== false &&
    matched.every(({ mode }) => mode === 'enforce')
  );
}

function member(name: string, { facts }: Event, fact: FactName): string {
  const value = facts.get(fact);
  return typeof value === 'string' ? `,"${name}":${JSON.stringify(value)}` : '';
}

/** Moments as ISO 8601 in UTC; many callbacks come in the same millisecond. */
function createClockText(): (now: number) => string {
  let moment = NaN;
  let text = '';
  return (now) => {
    if (now !== moment) {
      moment = now;
      text = new Date(now).toISOString();
    }
    return text;
  };
}
