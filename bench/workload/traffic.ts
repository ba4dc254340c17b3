/** Streams of callbacks that match as many rules as wanted. */
import { adapterFor } from '../../adapters/index.js';
import type { Event } from '../../engine/event.js';
import { FACT_NAMES, type FactName, type FactValue } from '../../engine/facts.js';
import { callbackOf, isAsked, urlOf, type CallbackSketch, type WireCallback } from './callbacks.js';
import { configOf } from '../settings.js';
import { createLanguage } from './language.js';
import { createRandom, type Random } from './random.js';
import type { Bait, GeneratedRule, KindOfRules } from './rules.js';

/** Length of every text: Tencent's and OpenIM's users rarely write more. */
const TEXT_LENGTH = 200;

const KINDS: readonly KindOfRules[] = [
  ...Array.from({ length: 16 }, () => 'message.send' as const),
  'friend.request',
  'friend.request',
  'block.add',
  'group.join',
];

function sketchOf(random: Random, baits: readonly Bait[]): CallbackSketch {
  const bait = Object.assign({}, ...baits) as Partial<Bait>;
  const kind = bait.kind ?? random.pick(KINDS);
  const platform =
    bait.platform ?? (isAsked('tencent', kind) ? random.pick(['openim', 'tencent'] as const) : 'openim');
  const words = baits.flatMap(({ word }) => word ?? []);
  const isInGroup = kind === 'group.join' || (kind === 'message.send' && random.chance(0.5));
  const group =
    bait.group ?? (isInGroup && bait.target === undefined ? `group_${random.below(10_000)}` : undefined);
  return {
    platform,
    kind,
    actor: bait.actor ?? `user_${random.below(100_000)}`,
    target: bait.target ?? `user_${random.below(100_000)}`,
    ...(group !== undefined && { group }),
    text: createLanguage(random).text(TEXT_LENGTH, words),
  };
}

/** A message that matches several rules must hold a word of each and nothing else. */
const isPlainWord = ({ bait }: GeneratedRule): boolean =>
  bait.kind === 'message.send' && bait.word !== undefined && bait.group === undefined;
const isBait = ({ bait }: GeneratedRule): boolean => Object.keys(bait).some((key) => key !== 'kind');

/** Callbacks made to match so many rules each; chance may add others. */
export function traffic(
  rules: readonly GeneratedRule[],
  { count, matches, seed }: { readonly count: number; readonly matches: number; readonly seed: number },
): readonly WireCallback[] {
  const random = createRandom(seed);
  const baits = rules.filter(matches === 1 ? isBait : isPlainWord);
  return Array.from({ length: count }, () => {
    const chosen = Array.from({ length: matches }, () => random.pick(baits).bait);
    return callbackOf(sketchOf(random, chosen));
  });
}

/** One callback in ten matches a rule. */
export function mixedTraffic(
  rules: readonly GeneratedRule[],
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly WireCallback[] {
  const clean = traffic(rules, { count, matches: 0, seed });
  const matching = traffic(rules, { count, matches: 1, seed: seed + 1 });
  return clean.map((callback, index) => (index % 10 === 9 ? (matching[index] ?? callback) : callback));
}

const { apps } = configOf({ rules: '.', output: '.', port: 0, adminPort: 0, workers: 1 });

/** An event with its facts at hand, so that deciding alone is measured. */
export interface PreparedEvent {
  readonly event: Event;
  readonly facts: ReadonlyMap<FactName, FactValue>;
}

/** Lets the adapter read a callback. @throws Error when it is no event */
export function eventOf(callback: WireCallback): PreparedEvent {
  const app = apps.find(({ platform }) => platform === callback.sketch.platform);
  if (app === undefined) throw new Error(`no app of ${callback.sketch.platform}`);
  const receivedAt = Date.now();
  const url = new URL(urlOf(callback, receivedAt), 'http://localhost');
  const { outcome } = adapterFor(app).read({
    method: 'POST',
    subpath: url.pathname.slice(app.path.length + 1),
    query: url.searchParams,
    headers: {},
    body: JSON.parse(callback.body),
    receivedAt,
  });
  if (outcome.type !== 'event') throw new Error(`${callback.command} is no event`);
  const source = outcome.event.targets[0]?.facts ?? outcome.event.facts;
  const facts = new Map<FactName, FactValue>();
  for (const name of FACT_NAMES) {
    const value = source.get(name);
    if (value !== undefined) facts.set(name, value);
  }
  return { event: { ...outcome.event, facts, targets: [] }, facts };
}
