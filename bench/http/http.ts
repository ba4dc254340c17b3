import type { Benchmark, Surroundings } from '../benchmark.js';
import { ratios, type Figure } from '../figure.js';
import { installPeers } from '../peers.js';
import { generateRefusingRules, writeRulesFolder } from '../rules/folder.js';
import { SEED } from '../seed.js';
import { urlOf, type WireCallback } from '../workload/callbacks.js';
import { mixedTraffic } from '../workload/traffic.js';
import { assertReplies } from './replies.js';
import { sendLoad, type Request } from './load.js';
import { startCallgate, startPlain, type Target } from './target.js';

/** Different callbacks; one in ten matches a rule. */
const CALLBACKS = 1000;
const CONNECTIONS = 64;
/** An engine that tries every rule answers a few callbacks in a second, however many wait. */
const CONNECTIONS_TO_NAIVE = 2;
const SECONDS = 3;

/** Signed now, since signatures grow stale. */
export function requestsOf(callbacks: readonly WireCallback[]): readonly Request[] {
  const now = Date.now();
  return callbacks.map((callback) => ({ url: urlOf(callback, now), body: callback.body }));
}

const PLAIN = [
  ['node-http', 'node:http, body thrown away'],
  ['koa', 'Koa, body not read'],
  ['koa-router', 'Koa, @koa/router, koa-bodyparser, constant answer'],
  ['fastify', 'fastify, constant answer'],
  ['naive', 'Koa and json-rules-engine alone, 10,000 rules'],
] as const;

export const http: Benchmark = {
  name: 'http',
  title: 'Callbacks over HTTP',
  explains: [
    'Callbacks per second of one process, server and load generator on a core each, 64 connections. The',
    'callbacks come from both platforms, signed, with texts of 200 characters; one in ten matches a rule.',
    'Callgate runs as `callgate start` with everything on: authentication, decision log to a file, metrics.',
    'The others answer a constant, except the one that asks json-rules-engine about 10,000 rules.',
  ].join(' '),
  async measure(surroundings) {
    const { say } = surroundings;
    installPeers(say);
    say('starting the servers');
    const rules = generateRefusingRules(10_000);
    const callbacks = mixedTraffic(rules, { count: CALLBACKS, seed: SEED });
    const empty = await startCallgate({ name: 'none', rules: writeRulesFolder('no-rules', []) });
    const full = await startCallgate({ name: 'rules', rules: writeRulesFolder('http', rules) });
    const targets: Target[] = [empty, full];
    try {
      for (const [server] of PLAIN) targets.push(await startPlain(server));
      await assertReplies(empty, callbacks, []);
      await assertReplies(full, callbacks, rules);
      return figuresOf(await measureRounds(targets, callbacks, surroundings));
    } finally {
      await Promise.all(targets.map(({ child }) => child.stop()));
    }
  },
};

interface Speed {
  /** Answers per second. */
  readonly rate: number;
  /** Microseconds of the server's processor time for each. */
  readonly cost: number;
}

type Speeds = ReadonlyMap<string, readonly Speed[]>;

async function measureRounds(
  targets: readonly Target[],
  callbacks: readonly WireCallback[],
  { rounds, say }: Surroundings,
): Promise<Speeds> {
  const speeds = new Map<string, Speed[]>(targets.map(({ name }) => [name, []]));
  // Round 0 warms up and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    say(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
    for (const target of targets) {
      const speed = await speedOf(target, callbacks);
      if (round > 0) speeds.get(target.name)?.push(speed);
    }
  }
  return speeds;
}

async function speedOf({ name, port, child }: Target, callbacks: readonly WireCallback[]): Promise<Speed> {
  const connections = name === 'naive' ? CONNECTIONS_TO_NAIVE : CONNECTIONS;
  const before = await child.usage();
  const { answers, seconds } = await sendLoad({
    port,
    requests: requestsOf(callbacks),
    seconds: SECONDS,
    connections,
  });
  const after = await child.usage();
  return { rate: answers / seconds, cost: (after.processor - before.processor) / answers };
}

function figuresOf(speeds: Speeds): readonly Figure[] {
  const rates = (name: string): readonly number[] => (speeds.get(name) ?? []).map(({ rate }) => rate);
  const costs = (name: string): readonly number[] => (speeds.get(name) ?? []).map(({ cost }) => cost);
  const servers = [...PLAIN, ['none', 'Callgate, no rules'], ['rules', 'Callgate, 10,000 rules']] as const;
  return [
    ...servers.map(([id, label]): Figure => ({
      id: `http.${id}.rate`,
      label,
      unit: 'callbacks/s',
      samples: rates(id),
    })),
    ...servers.map(([id, label]): Figure => ({
      id: `http.${id}.cost`,
      label: `processor time of each: ${label}`,
      unit: 'µs',
      samples: costs(id),
    })),
    {
      id: 'http.rules',
      label: 'Callgate: 10,000 rules against none',
      unit: 'times',
      samples: ratios(rates('rules'), rates('none')),
    },
    {
      id: 'http.koa',
      label: 'Callgate without rules against Koa, router and body parser',
      unit: 'times',
      samples: ratios(rates('none'), rates('koa-router')),
    },
  ];
}
