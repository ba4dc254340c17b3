import { expect } from 'chai';
import { readConfig } from '../../store/config.js';
import type { Environment } from '../../store/interpolate.js';
import { formatProblems } from '../../store/report.js';

const APPS = 'apps: [{ id: im, platform: openim, path: /im }]\n';
const URL_WORDS = 'a URL such as redis://127.0.0.1:6379 or rediss://user:password@redis.example.com:6379';

function read(state: string, environment: Environment = {}) {
  return readConfig(`state: ${state}\n${APPS}`, { file: '/etc/callgate/config.yaml', environment });
}

function stateOf(state: string, environment: Environment = {}) {
  const { config, problems } = read(state, environment);
  expect(problems).to.deep.equal([]);
  return config?.state;
}

/** `line:column code message | hint` of every problem. */
function problemsOf(state: string): readonly string[] {
  return read(state).problems.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

describe('the section `state`', () => {
  const STANDARD = {
    type: 'memory',
    snapshot: '/etc/callgate/.callgate/state.json',
    every: 30_000,
    maxKeys: 1_000_000,
  };
  const redis = (settings: object) => ({
    type: 'redis',
    redis: { prefix: 'callgate', timeout: 100, ...settings },
  });

  for (const [text, settings] of [
    ['memory', STANDARD],
    ['{ memory: {} }', STANDARD],
    [
      '{ memory: { snapshot: /var/state.json, every: 1h } }',
      { ...STANDARD, snapshot: '/var/state.json', every: 3_600_000 },
    ],
    ['{ memory: { snapshot: false, maxKeys: 1000 } }', { type: 'memory', every: 30_000, maxKeys: 1000 }],
    ['{ redis: redis://127.0.0.1:6379 }', redis({ mode: 'single', urls: ['redis://127.0.0.1:6379'] })],
    [
      "{ redis: { url: 'rediss://me:pa%2Fss@h/3', prefix: 'gate:1', timeout: 50 } }",
      redis({ mode: 'single', urls: ['rediss://me:pa%2Fss@h/3'], prefix: 'gate:1', timeout: 50 }),
    ],
    [
      "{ redis: { cluster: ['redis://a:1', 'redis://b:2'] } }",
      redis({ mode: 'cluster', urls: ['redis://a:1', 'redis://b:2'] }),
    ],
    [
      "{ redis: { sentinel: { name: mymaster, urls: ['redis://a'] } } }",
      redis({ mode: 'sentinel', name: 'mymaster', urls: ['redis://a'] }),
    ],
  ] as const) {
    it(`takes ${text}`, () => {
      expect(stateOf(text)).to.deep.equal(settings);
    });
  }

  it('takes passwords and whole URLs from the environment', () => {
    const { redis: found } = stateOf('{ redis: "redis://me:${P}@h:6379" }', { P: 's3cret' }) as ReturnType<
      typeof redis
    >;
    expect(found).to.deep.include({ urls: ['redis://me:s3cret@h:6379'] });
    expect(stateOf('{ redis: "${URL}" }', { URL: 'redis://h' })).to.deep.equal(
      redis({ mode: 'single', urls: ['redis://h'] }),
    );
  });

  const MISTAKES: Readonly<Record<string, readonly [state: string, ...problems: string[]]>> = {
    'another word': [
      'disk',
      '1:8 wrong-value `state`: expected `memory`, or a mapping with `memory` or `redis`.',
    ],
    'a number': [
      '7',
      '1:8 wrong-type `state`: expected `memory`, or a mapping with `memory` or `redis`, found a number.',
    ],
    'a mapping with nothing in it': ['{}', '1:8 missing-key One of `memory`, `redis` is missing.'],
    'a key that is misspelt': [
      '{ memory: { maxKey: 5 } }',
      '1:20 unknown-key Unknown key `maxKey`. | Did you mean `maxKeys`?',
    ],
    'memory and Redis': [
      '{ memory: {}, redis: redis://h }',
      '1:29 wrong-value Only one of `memory`, `redis` can be set.',
    ],
    'memory that is nothing': [
      '{ memory: null }',
      '1:18 wrong-type `memory`: expected a mapping, found nothing.',
    ],
    'a snapshot that is neither a path nor off': [
      '{ memory: { snapshot: true } }',
      '1:30 wrong-value `snapshot`: expected the path of a file, or `false`.',
    ],
    'a snapshot without a name': [
      '{ memory: { snapshot: "" } }',
      '1:30 wrong-value `snapshot`: expected the path of a file, or `false`.',
    ],
    'times and sizes that are none': [
      '{ memory: { every: 5, maxKeys: 10 } }',
      '1:27 wrong-type `every`: expected a time such as 30s, 5m or 1h, found a number.',
      '1:39 wrong-value `maxKeys`: expected a whole number from 1000 to 100000000.',
    ],
    'more than a year': [
      '{ memory: { every: 400d } }',
      '1:27 wrong-value `every`: expected a time of up to a year.',
    ],
    'a URL of something else': [
      '{ redis: http://h }',
      `1:17 wrong-value \`redis\`: expected ${URL_WORDS}, or a mapping with \`url\`, \`cluster\` or \`sentinel\`.`,
    ],
    'a URL with a query': [
      '{ redis: { url: "redis://h?db=3" } }',
      `1:24 wrong-value \`url\`: expected ${URL_WORDS}.`,
    ],
    'a URL with an impossible port': [
      '{ redis: redis://h:99999 }',
      `1:17 wrong-value Expected ${URL_WORDS}.`,
    ],
    'an entry that is no URL': [
      "{ redis: { cluster: ['redis://h', 'h:6379'] } }",
      `1:42 wrong-value Entry 2: expected ${URL_WORDS}.`,
    ],
    'an entry with an impossible port': [
      "{ redis: { sentinel: { name: m, urls: ['redis://h:0x5'] } } }",
      `1:47 wrong-value Expected ${URL_WORDS}.`,
    ],
    'Redis nowhere': [
      '{ redis: { timeout: 50 } }',
      '1:17 missing-key One of `url`, `cluster`, `sentinel` is missing.',
    ],
    'Redis at two places': [
      "{ redis: { url: 'redis://h', cluster: ['redis://h'] } }",
      '1:46 wrong-value Only one of `url`, `cluster`, `sentinel` can be set.',
    ],
    'a Cluster without nodes': [
      '{ redis: { cluster: [] } }',
      '1:28 wrong-value `cluster`: expected a list of at least one URL.',
    ],
    'Sentinel without its URLs': [
      '{ redis: { sentinel: { name: m } } }',
      '1:29 missing-key The key `urls` is missing. | The sentinels.',
    ],
    'a master without a name': [
      '{ redis: { sentinel: { name: "", urls: ["redis://h"] } } }',
      '1:37 wrong-value `name`: expected the name of a master.',
    ],
    'a prefix and a timeout beyond their limits': [
      '{ redis: { url: "redis://h", prefix: "a b", timeout: 1 } }',
      '1:45 wrong-value `prefix`: expected up to 64 of the characters A-Z, a-z, 0-9, _, ., : and -.',
      '1:61 wrong-value `timeout`: expected a whole number of milliseconds from 5 to 10000.',
    ],
  };
  for (const [what, [state, ...problems]] of Object.entries(MISTAKES)) {
    it(`refuses ${what}`, () => {
      expect(problemsOf(state)).to.deep.equal(problems);
    });
  }

  it('is never shown with its passwords', () => {
    for (const [state, environment] of [
      ['{ redis: "redis://me:s3cret@h:99999" }', {}],
      ['{ redis: "redis://:s3cret@h", x: 1 }', {}],
      ['{ redis: { cluster: ["redis://a:s3cret@h", "rediss://me:s3c/s3cret@h2"] } }', {}],
      ['{ redis: { sentinel: { name: "", urls: ["redis://u:s3cret@s3cret@h"] } } }', {}],
      ['\n  redis:\n    url: redis://u:s3cret@h\n    timeout: none', {}],
      ['{ redis: "redis://me:${P}@h:99999" }', { P: 's3cret' }],
      ['{ redis: "${P}" }', { P: 'redis://me:s3cret@h:99999' }],
      ['{ redis: { cluster: ["${P}"], url: "${P}" } }', { P: 'redis:/me:s3cret@h' }],
    ] as const) {
      const { config, problems } = read(state, environment);
      expect(config, state).to.equal(null);
      for (const text of [formatProblems(problems), JSON.stringify(problems)])
        expect(text, state).to.not.include('s3cret');
    }
  });
});
