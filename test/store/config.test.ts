import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { formatProblems } from '../../store/report.js';
import { loadConfig, readConfig, type ConfigOverrides } from '../../store/config.js';
import type { Environment } from '../../store/interpolate.js';
import { linesOf } from '../../store/text.js';
import { fixturePath, projectRoot } from '../support/paths.js';

const OPENIM = 'apps:\n  - id: im\n    platform: openim\n    path: /im\n';
const TENCENT = 'apps:\n  - id: chat\n    platform: tencent\n    path: /chat\n    sdkAppId: 1400000000\n';

function read(text: string, environment: Environment = {}, overrides: ConfigOverrides = {}) {
  return readConfig(text, { file: '/etc/callgate/config.yaml', environment, overrides });
}

/** `line:column code message | hint` of every problem. */
function problemsOf(text: string, environment: Environment = {}): readonly string[] {
  return read(text, environment).problems.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

/** The configuration of a text without mistakes. */
function configOf(text: string, environment: Environment = {}, overrides: ConfigOverrides = {}) {
  const { config, problems } = read(text, environment, overrides);
  expect(problems).to.deep.equal([]);
  return config!;
}

/** Where nothing is said about decisions. */
const UNLOGGED = {
  to: 'none',
  file: '/etc/callgate/logs/decisions.jsonl',
  rotate: { size: 100 * 1024 * 1024, every: 'day', keep: 14, compress: false },
  facts: [],
  text: 'none',
  sampleAllows: 1,
  maxlen: 1_000_000,
  buffer: 8 * 1024 * 1024,
};

/** Where nothing is said about what rules remember. */
const REMEMBERED = {
  type: 'memory',
  snapshot: '/etc/callgate/.callgate/state.json',
  every: 30_000,
  maxKeys: 1_000_000,
};

describe('configuration', () => {
  it('works with nothing but an app, on loopback', () => {
    expect(configOf(OPENIM)).to.deep.equal({
      server: {
        listen: { host: '127.0.0.1', port: 8080 },
        bodyLimit: 1024 * 1024,
        workers: 1,
        maxInFlight: 1000,
        maxConnections: 10_000,
        afterQueue: 10_000,
      },
      admin: { listen: { host: '127.0.0.1', port: 8081 } },
      rules: { type: 'folder', folder: '/etc/callgate/rules' },
      state: REMEMBERED,
      decisionLog: UNLOGGED,
      log: { level: 'info', interval: 10_000 },
      tracing: { service: 'callgate', sample: 1 },
      apps: [
        {
          id: 'im',
          platform: 'openim',
          path: '/im',
          default: 'allow',
          onFailure: 'allow',
          deadline: 1500,
          enforce: true,
          dialect: 'server',
        },
      ],
    });
    expect(configOf(TENCENT).apps).to.deep.equal([
      {
        id: 'chat',
        platform: 'tencent',
        path: '/chat',
        default: 'allow',
        onFailure: 'allow',
        deadline: 800,
        enforce: true,
        sdkAppId: '1400000000',
        signatureWindow: 300,
      },
    ]);
  });

  it('takes every setting', () => {
    const text = `
server:
  { listen: "[::1]:0", trustProxy: [10.0.0.0/8, "::1"], tls: { cert: tls/g.crt, key: tls/g.key, clientCa: ca.crt, minVersion: TLSv1.3 },
    bodyLimit: 512kb, workers: auto, maxInFlight: 50, maxConnections: 60, afterQueue: 70 }
admin: { listen: ops.example:65535, token: token-of-the-operators, hosts: [gate.example], tls: { cert: a.crt, key: /keys/a.key } }
rules: ../rules
state: { memory: { snapshot: ../kept/s.json, every: 5m, maxKeys: 5000 } }
decisionLog:
  { to: file, file: ../log/d.jsonl, rotate: { size: 5mb, every: hour, keep: 3, compress: true },
    facts: [actor.*, client.ip], text: hash, hashKey: 0123456789abcdef, sampleAllows: 0.25, buffer: 64kb }
log: { level: warn, interval: 0 }
tracing: { endpoint: https://traces.example/v1/traces, service: gate, sample: 0.5 }
apps:
  - { id: im-1, platform: openim, path: /a/b.c, default: refuse, onFailure: refuse, deadline: 10000, enforce: false, dialect: documented, secret: 0123456789abcdef_-AZ, networks: [203.0.113.7], insecure: true }
  - { id: chat_1, platform: tencent, path: /a/b, default: refuse, onFailure: refuse, deadline: 1999, sdkAppId: "14", token: t, signatureWindow: 60, networks: [203.0.113.0/24] }
`;
    expect(configOf(text)).to.deep.equal({
      server: {
        listen: { host: '::1', port: 0 },
        bodyLimit: 512 * 1024,
        workers: 'auto',
        maxInFlight: 50,
        maxConnections: 60,
        afterQueue: 70,
        trustProxy: ['10.0.0.0/8', '::1'],
        tls: {
          cert: '/etc/callgate/tls/g.crt',
          key: '/etc/callgate/tls/g.key',
          clientCa: '/etc/callgate/ca.crt',
          minVersion: 'TLSv1.3',
        },
      },
      admin: {
        listen: { host: 'ops.example', port: 65535 },
        token: 'token-of-the-operators',
        hosts: ['gate.example'],
        tls: { cert: '/etc/callgate/a.crt', key: '/keys/a.key', minVersion: 'TLSv1.2' },
      },
      rules: { type: 'folder', folder: '/etc/rules' },
      state: { type: 'memory', snapshot: '/etc/kept/s.json', every: 300_000, maxKeys: 5000 },
      decisionLog: {
        to: 'file',
        file: '/etc/log/d.jsonl',
        rotate: { size: 5 * 1024 * 1024, every: 'hour', keep: 3, compress: true },
        facts: ['actor.*', 'client.ip'],
        text: 'hash',
        hashKey: '0123456789abcdef',
        sampleAllows: 0.25,
        maxlen: 1_000_000,
        buffer: 64 * 1024,
      },
      log: { level: 'warn', interval: 0 },
      tracing: { endpoint: 'https://traces.example/v1/traces', service: 'gate', sample: 0.5 },
      apps: [
        {
          id: 'im-1',
          platform: 'openim',
          path: '/a/b.c',
          default: 'refuse',
          onFailure: 'refuse',
          deadline: 10000,
          enforce: false,
          dialect: 'documented',
          secret: '0123456789abcdef_-AZ',
          networks: ['203.0.113.7'],
          insecure: true,
        },
        {
          id: 'chat_1',
          platform: 'tencent',
          path: '/a/b',
          default: 'refuse',
          onFailure: 'refuse',
          deadline: 1999,
          enforce: true,
          sdkAppId: '14',
          token: 't',
          signatureWindow: 60,
          networks: ['203.0.113.0/24'],
        },
      ],
    });
  });

  describe('of the decision log', () => {
    const log = (text: string) => `decisionLog: { ${text} }\n${OPENIM}`;

    it('wants facts that exist', () => {
      expect(problemsOf(log('facts: [group.*, actor.idd]'))).to.deep.equal([
        '1:33 unknown-fact Unknown fact `actor.idd`. | Did you mean `actor.id`?',
      ]);
    });

    it('wants a key for hashes, and never shows it', () => {
      expect(problemsOf(log('text: hash'))[0]).to.match(/^1:22 missing-key /);
      expect(problemsOf(log('text: hash, hashKey: "${KEY}"'), { KEY: '0123456789abcdef' })).to.deep.equal([]);
      const { problems } = read(log('hashKey: short-secret'));
      expect(problems.map(({ code }) => code)).to.deep.equal(['wrong-value']);
      expect(JSON.stringify(problems)).not.to.contain('short-secret');
    });

    it('wants sizes within limits', () => {
      expect(problemsOf(log('buffer: 1kb, rotate: { size: 100 }'))).to.deep.equal([
        '1:24 wrong-value `buffer`: expected a size from 64kb to 1024mb.',
        '1:45 wrong-value `size`: expected a size from 1kb to 102400mb.',
      ]);
    });
  });

  describe('of the log and of traces', () => {
    const problems = (text: string) => problemsOf(`${text}\n${OPENIM}`);

    it('wants a level that exists', () => {
      expect(problems('log: { level: warning }')).to.deep.equal([
        '1:15 wrong-value `level`: expected one of `debug`, `info`, `warn`, `error`. | Possible here: `debug`, `info`, `warn`, `error`.',
      ]);
    });

    it('wants an interval in milliseconds', () => {
      const expected = '`interval`: expected a whole number of milliseconds from 0 to 3600000';
      expect(problems('log: { interval: 10s }')).to.deep.equal([
        `1:18 wrong-type ${expected}, found a text.`,
      ]);
      expect(problems('log: { interval: -1 }')).to.deep.equal([`1:18 wrong-value ${expected}.`]);
    });

    it('wants a URL for traces, without a password in it', () => {
      for (const endpoint of ['collector:4318', 'ftp://collector', 'http://me:secret@collector/v1/traces'])
        expect(problems(`tracing: { endpoint: '${endpoint}' }`), endpoint).to.deep.equal([
          '1:22 wrong-value `endpoint`: expected a URL such as http://127.0.0.1:4318/v1/traces; leave the setting out when there is none.',
        ]);
    });

    it('takes the endpoint from the environment, where it may be empty', () => {
      const text = `tracing: { endpoint: '\${TRACES:-}' }\n${OPENIM}`;
      expect(configOf(text).tracing).to.deep.equal({ service: 'callgate', sample: 1 });
      expect(configOf(text, { TRACES: 'http://c:4318/v1/traces' }).tracing).to.include({
        endpoint: 'http://c:4318/v1/traces',
      });
    });

    it('wants a share from 0 to 1', () => {
      expect(problems('tracing: { sample: 10 }')).to.deep.equal([
        '1:20 wrong-value `sample`: expected a number from 0 to 1.',
      ]);
    });
  });

  it('takes a size as a number of bytes or with a unit', () => {
    const limit = (size: string) => configOf(`server: { bodyLimit: ${size} }\n${OPENIM}`).server.bodyLimit;
    expect(['2048', '"2048"', '2048b', '3KB', '64mb'].map(limit)).to.deep.equal([
      2048,
      2048,
      2048,
      3 * 1024,
      64 * 1024 * 1024,
    ]);
  });

  it('lets the command line win', () => {
    const { server } = configOf(`server: { bodyLimit: 2kb }\n${OPENIM}`, {}, { listen: '127.0.0.2:9000' });
    expect(server).to.deep.include({ listen: { host: '127.0.0.2', port: 9000 }, bodyLimit: 2048 });
    expect(configOf(OPENIM, {}, { listen: '[::1]:1' }).server.listen).to.deep.equal({ host: '::1', port: 1 });
  });

  it('refuses an address on the command line that is none', () => {
    const { config, problems } = read(OPENIM, {}, { listen: '8080' });
    expect(config).to.equal(null);
    expect(problems.map(({ file, code }) => `${file} ${code}`)).to.deep.equal(['--listen wrong-value']);
  });

  describe('the shipped file', () => {
    const load = (environment: Environment) =>
      loadConfig({ file: join(projectRoot, 'config.yaml'), environment });

    it('works as it is', async () => {
      const { config, problems } = await load({});
      expect(problems).to.deep.equal([]);
      expect(config?.rules).to.deep.equal({ type: 'folder', folder: join(projectRoot, 'rules') });
      expect(config?.apps.map(({ id, path }) => [id, path])).to.deep.equal([
        ['openim', '/openim'],
        ['tencent', '/tencent'],
      ]);
      expect(config?.apps[1]).to.include({ sdkAppId: '1400000000' }).and.not.have.property('token');
    });

    it('takes the secrets of Tencent from the environment', async () => {
      const { config } = await load({ TENCENT_SDKAPPID: '1600000001', TENCENT_TOKEN: 'a: "b" #' });
      expect(config?.apps[1]).to.include({ sdkAppId: '1600000001', token: 'a: "b" #' });
    });
  });

  describe('with variables', () => {
    const withToken = (token: string) => `${TENCENT}    token: ${token}\n`;
    const tokenOf = (token: string, environment: Environment = {}) =>
      (configOf(withToken(token), environment).apps[0] as { token?: string }).token;

    it('puts their values into texts', () => {
      expect(tokenOf('${A}', { A: 'x' })).to.equal('x');
      expect(tokenOf('"<${A}-${B:-y}>"', { A: 'x' })).to.equal('<x-y>');
    });

    it('uses the default for a variable that is not set or empty', () => {
      expect(tokenOf('${A:-y}')).to.equal('y');
      expect(tokenOf('${A:-y}', { A: '' })).to.equal('y');
      expect(tokenOf('${A:-y}', { A: 'x' })).to.equal('x');
    });

    it('leaves a setting out whose text becomes empty', () => {
      expect(tokenOf('${A:-}')).to.equal(undefined);
      expect(configOf(`server: { listen: "\${L:-}" }\n${OPENIM}`).server.listen.port).to.equal(8080);
    });

    it('does not read the value as YAML, nor as another variable', () => {
      expect(tokenOf('${A}', { A: 'x\n  - id: evil # {' })).to.equal('x\n  - id: evil # {');
      expect(tokenOf('${A}', { A: '${B}', B: 'no' })).to.equal('${B}');
    });

    it('keeps an escaped reference', () => {
      expect(tokenOf('$${A}x')).to.equal('${A}x');
    });

    it('makes numbers where the setting is one', () => {
      const [app] = configOf(`${OPENIM}    deadline: \${D:-900}\n`, { D: '700' }).apps;
      expect(app?.deadline).to.equal(700);
      expect(
        configOf('server: { listen: "127.0.0.1:${PORT}" }\n' + OPENIM, { PORT: '81' }).server.listen.port,
      ).to.equal(81);
      expect(configOf('server: { bodyLimit: "${L:-2048}" }\n' + OPENIM).server.bodyLimit).to.equal(2048);
    });

    it('takes a number of workers, or a word for it', () => {
      const workersOf = (W: string) =>
        configOf('server: { workers: "${W}" }\n' + OPENIM, { W }).server.workers;
      expect(['3', '256', 'auto'].map(workersOf)).to.deep.equal([3, 256, 'auto']);
    });

    it('keeps a name that looks like a number a name', () => {
      expect(configOf(OPENIM.replace('id: im', 'id: ${ID}'), { ID: '7' }).apps[0]?.id).to.equal('7');
    });

    it('does not take a quoted number for a number', () => {
      expect(problemsOf(`${OPENIM}    deadline: "900"\n`)).to.deep.equal([
        '5:15 wrong-type `deadline`: expected a whole number of milliseconds from 50 to 10000, found a text.',
      ]);
    });

    it('refuses a variable that is not set', () => {
      expect(problemsOf(withToken('${A}'))).to.deep.equal([
        '6:12 environment-variable The environment variable `A` is not set. | Set it, or write ${A:-default}; ${A:-} when it may be empty.',
      ]);
    });

    it('refuses a variable that is empty, so that a missing secret does not open the gate', () => {
      expect(problemsOf(withToken('${A}'), { A: '' })[0]).to.match(
        /^6:12 environment-variable .* is empty\./,
      );
    });

    it('refuses a reference that is none', () => {
      for (const token of ['"${A"', '"${A B}"', '"${}"', '"${A-b}"', '"${1}"']) {
        expect(problemsOf(withToken(token)), token).to.deep.equal([
          '6:12 environment-variable A `${` that is neither ${NAME} nor ${NAME:-default}. | Write $${ for the characters themselves.',
        ]);
      }
    });

    it('names a variable as the cause alone, not what follows from it', () => {
      expect(problemsOf(OPENIM.replace('/im', '${P}'))).to.have.length(1);
    });
  });

  describe('with a mistake', () => {
    /** A text, and its only problem. */
    const cases: Readonly<Record<string, readonly [text: string, problem: string]>> = {
      'an unknown key': [
        `sever: {}\n${OPENIM}`,
        '1:1 unknown-key Unknown key `sever`. | Did you mean `server`?',
      ],
      'an unknown key of a section': [
        `server:\n  bodylimit: 1mb\n${OPENIM}`,
        '2:3 unknown-key Unknown key `bodylimit`. | Did you mean `bodyLimit`?',
      ],
      'an unknown key of an app': [
        `${OPENIM}    onfailure: allow\n`,
        '5:5 unknown-key Unknown key `onfailure`. | Did you mean `onFailure`?',
      ],
      "a setting of the other platform's apps": [
        `${OPENIM}    sdkAppId: 1\n`,
        '5:5 unknown-key Unknown key `sdkAppId`. | `sdkAppId` is a setting of tencent apps.',
      ],
      'a dialect for Tencent': [
        `${TENCENT}    dialect: server\n`,
        '6:5 unknown-key Unknown key `dialect`. | `dialect` is a setting of openim apps.',
      ],
      'no apps': [
        'rules: rules\n',
        '1:1 missing-key The key `apps` is missing. | The deployments that call, at least one.',
      ],
      'an empty list of apps': ['apps: []\n', '1:7 wrong-value `apps`: expected a list of at least one app.'],
      'apps that are no list': [
        'apps: {}\n',
        '1:7 wrong-type `apps`: expected a list of at least one app, found a mapping.',
      ],
      'an app that is no mapping': [
        'apps:\n  - openim\n',
        '2:5 wrong-type Entry 1: expected a mapping, found a text.',
      ],
      'a section with nothing in it': [
        `server:\n${OPENIM}`,
        '1:1 wrong-type `server`: expected a mapping, found nothing.',
      ],
      'a listen address without a host': [
        `server: { listen: ":8080" }\n${OPENIM}`,
        '1:19 wrong-value `listen`: expected HOST:PORT such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080.',
      ],
      'a listen address that is a number': [
        `admin: { listen: 8081 }\n${OPENIM}`,
        '1:18 wrong-type `listen`: expected HOST:PORT such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080, found a number.',
      ],
      'a port that does not exist': [
        `server: { listen: "127.0.0.1:65536" }\n${OPENIM}`,
        '1:19 wrong-value `listen`: expected HOST:PORT such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080.',
      ],
      'an IPv6 address that is none': [
        `server: { listen: "[1::2::3]:80" }\n${OPENIM}`,
        '1:19 wrong-value `listen`: expected HOST:PORT such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080.',
      ],
      'one address for both listeners': [
        `server: { listen: "127.0.0.1:8081" }\nadmin: { listen: "127.0.0.1:8081" }\n${OPENIM}`,
        '2:18 wrong-value Callbacks and operators cannot share one address.',
      ],
      'a body limit without a known unit': [
        `server: { bodyLimit: 1gb }\n${OPENIM}`,
        '1:22 wrong-value `bodyLimit`: expected a size from 1kb to 64mb.',
      ],
      'a body limit out of range': [
        `server: { bodyLimit: 65mb }\n${OPENIM}`,
        '1:22 wrong-value `bodyLimit`: expected a size from 1kb to 64mb.',
      ],
      'a body limit of too few bytes': [
        `server: { bodyLimit: 10 }\n${OPENIM}`,
        '1:22 wrong-value `bodyLimit`: expected a size from 1kb to 64mb.',
      ],
      'a number of workers out of range': [
        `server: { workers: 257 }\n${OPENIM}`,
        '1:20 wrong-value `workers`: expected `auto` or a whole number from 1 to 256.',
      ],
      'a number of workers in words': [
        `server: { workers: many }\n${OPENIM}`,
        '1:20 wrong-value `workers`: expected `auto` or a whole number from 1 to 256.',
      ],
      'no room for callbacks': [
        `server: { maxInFlight: 0 }\n${OPENIM}`,
        '1:24 wrong-value `maxInFlight`: expected a whole number from 1 to 1000000.',
      ],
      'too much room for after-callbacks': [
        `server: { afterQueue: 100001 }\n${OPENIM}`,
        '1:23 wrong-value `afterQueue`: expected a whole number from 1 to 100000.',
      ],
      'an empty rules folder name': [
        `rules: ""\n${OPENIM}`,
        '1:8 wrong-value `rules`: expected the path of a folder, or a mapping with `folder` or `redis: true`.',
      ],
      'an app without an id': [
        OPENIM.replace('id: im\n    ', ''),
        '2:5 missing-key The key `id` is missing. | Name of the app in log lines and in the fact `app.id`.',
      ],
      'an app without a platform': [
        OPENIM.replace('    platform: openim\n', ''),
        '2:5 missing-key The key `platform` is missing. | Who calls: `openim` (OpenIM Server) or `tencent` (Tencent Cloud Chat).',
      ],
      'an app without a path': [
        OPENIM.replace('    path: /im\n', ''),
        '2:5 missing-key The key `path` is missing. | Path of the callback URL, such as /openim.',
      ],
      'an id with other characters': [
        OPENIM.replace('id: im', 'id: My App'),
        '2:9 wrong-value `id`: expected up to 64 of the characters a-z, 0-9, _ and -.',
      ],
      'an unknown platform': [
        OPENIM.replace('openim', 'openlm'),
        '3:15 wrong-value `platform`: expected one of `openim`, `tencent`. | Did you mean `openim`?',
      ],
      'a path without a slash': [
        OPENIM.replace('/im', 'im'),
        '4:11 wrong-value `path`: expected a path such as /openim, without a slash at its end.',
      ],
      'a path that ends with a slash': [
        OPENIM.replace('/im', '/im/'),
        '4:11 wrong-value `path`: expected a path such as /openim, without a slash at its end.',
      ],
      'the root as path': [
        OPENIM.replace('/im', '/'),
        '4:11 wrong-value `path`: expected a path such as /openim, without a slash at its end.',
      ],
      'a path that goes up': [
        OPENIM.replace('/im', '/a/../b'),
        '4:11 wrong-value `path`: expected a path such as /openim, without a slash at its end.',
      ],
      'the shared path': [
        OPENIM.replace('/im', '/callback'),
        '4:11 wrong-value The path `/callback` is the one that all apps share. | Give each app a path of its own, none below another.',
      ],
      'an unknown verdict': [
        `${OPENIM}    default: deny\n`,
        '5:14 wrong-value `default`: expected one of `allow`, `refuse`. | Possible here: `allow`, `refuse`.',
      ],
      'a misspelt failure policy': [
        `${OPENIM}    onFailure: refused\n`,
        '5:16 wrong-value `onFailure`: expected one of `allow`, `refuse`. | Did you mean `refuse`?',
      ],
      'an unknown dialect': [
        `${OPENIM}    dialect: document\n`,
        '5:14 wrong-value `dialect`: expected one of `server`, `documented`. | Did you mean `documented`?',
      ],
      'a deadline that is too short': [
        `${OPENIM}    deadline: 49\n`,
        '5:15 wrong-value `deadline`: expected a whole number of milliseconds from 50 to 10000.',
      ],
      'a deadline with a fraction': [
        `${OPENIM}    deadline: 99.5\n`,
        '5:15 wrong-type `deadline`: expected a whole number of milliseconds from 50 to 10000, found a number.',
      ],
      'a deadline that Tencent does not wait for': [
        `${TENCENT}    deadline: 2000\n`,
        '6:15 wrong-value `deadline`: expected a whole number of milliseconds from 50 to 1999.',
      ],
      'a deadline from a variable that is no number': [
        `${TENCENT}    deadline: \${D:-soon}\n`,
        '6:15 wrong-type `deadline`: expected a whole number of milliseconds from 50 to 1999, found a text.',
      ],
      'no sdkAppId': [
        TENCENT.replace('    sdkAppId: 1400000000\n', ''),
        '2:5 missing-key The key `sdkAppId` is missing. | SDKAppID of the application; calls for another one are failures.',
      ],
      'an sdkAppId that is no number': [
        TENCENT.replace('1400000000', 'abc'),
        '5:15 wrong-value `sdkAppId`: expected the digits of an SDKAppID such as 1400000000.',
      ],
      'an empty token': [
        `${TENCENT}    token: ""\n`,
        '6:12 wrong-value `token`: expected a token; leave the setting out when there is none.',
      ],
      'a key that occurs twice': [
        `rules: a\nrules: b\n${OPENIM}`,
        '2:1 duplicate-key The key `rules` stands here twice.',
      ],
    };
    for (const [name, [text, problem]] of Object.entries(cases)) {
      it(`locates ${name}`, () => {
        expect(problemsOf(text)).to.deep.equal([problem]);
      });
    }

    const twoApps = (first: string, second: string, rest = '') =>
      `apps:\n  - { id: a, platform: tencent, path: ${first}, sdkAppId: 1 }\n  - { id: b, platform: tencent, path: ${second}, sdkAppId: 2 }\n${rest}`;

    it('refuses paths that are equal, below or above another', () => {
      const hint = ' | Give each app a path of its own, none below another.';
      expect(problemsOf(twoApps('/a', '/a'))).to.deep.equal([
        `3:39 wrong-value The path \`/a\` is the path of another app.${hint}`,
      ]);
      expect(problemsOf(twoApps('/a', '/A/b'))).to.deep.equal([
        `3:39 wrong-value The path \`/A/b\` overlaps with \`/a\`, the path of another app.${hint}`,
      ]);
      expect(problemsOf(twoApps('/a/b', '/a'))).to.have.length(1);
      expect(problemsOf(twoApps('/a', '/callback/b'))[0]).to.match(
        /^3:39 wrong-value .* overlaps with `\/callback`/,
      );
      expect(problemsOf(twoApps('/a', '/ab'))).to.deep.equal([]);
    });

    it('refuses two apps with one id or one sdkAppId', () => {
      expect(problemsOf(twoApps('/a', '/b').replace('id: b', 'id: a'))).to.deep.equal([
        '3:11 duplicate-id Another app has the id `a` already.',
      ]);
      expect(problemsOf(twoApps('/a', '/b').replace('sdkAppId: 2', 'sdkAppId: "1"'))).to.deep.equal([
        '3:53 wrong-value Another app has the sdkAppId 1 already.',
      ]);
    });

    it('reports all mistakes at once, in the order of the file, with the lines around', () => {
      const file = fixturePath('config', 'broken.yaml');
      const { config, problems } = readConfig(readFileSync(file, 'utf8'), {
        file: 'config.yaml',
        environment: {},
      });
      expect(config).to.equal(null);
      expect(formatProblems(problems) + '\n').to.equal(
        readFileSync(fixturePath('config', 'broken.txt'), 'utf8'),
      );
    });

    it('shows no token', () => {
      const report = formatProblems(
        read(
          'apps:\n  - { id: a, platform: tencent, token: s3cret, pth: /x }\n  - token: "s3cret"\n    id: [1\n',
        ).problems,
      );
      expect(report).to.include('token: ******').and.not.include('s3cret');
      const other = formatProblems(read(`${TENCENT}    token: s3cret, s3cret # why\n    x: 1\n`).problems);
      expect(other).to.include('unknown-key').and.not.include('s3cret,');
    });
  });

  it('tells when the file is not there', async () => {
    const { config, problems } = await loadConfig({
      file: fixturePath('config', 'none.yaml'),
      environment: {},
    });
    expect(config).to.equal(null);
    expect(problems[0]).to.include({ code: 'file-unreadable', message: 'There is no such file.' });
    expect(problems[0]?.hint).to.include('--config');
  });

  it('tells when the file is a folder', async () => {
    const { problems } = await loadConfig({ file: fixturePath('config'), environment: {} });
    expect(problems[0]).to.include({ code: 'file-unreadable', message: 'It is not a regular file.' });
  });

  it('never throws, and puts every problem inside the file', () => {
    const keys = fc.constantFrom(
      ...['server', 'admin', 'listen', 'bodyLimit', 'rules', 'apps', 'id', 'platform', 'path', 'default'],
      ...['onFailure', 'deadline', 'dialect', 'sdkAppId', 'token', '__proto__', 'constructor', ''],
    );
    const scalars = fc.oneof(
      fc.constantFrom(
        'openim',
        'tencent',
        'allow',
        '/a',
        '/callback',
        '127.0.0.1:80',
        '1mb',
        '${A}',
        '${B:-1}',
        '$${',
        '${',
      ),
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'medium' }, scalars, tie('list'), tie('mapping')),
      list: fc.array(tie('value'), { maxLength: 3 }),
      mapping: fc.dictionary(keys, tie('value'), { maxKeys: 6 }),
    }));
    const app = fc.dictionary(keys, scalars, { maxKeys: 10 });
    const config = fc.record(
      { server: value, admin: value, rules: value, apps: fc.oneof(value, fc.array(app)) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(config, value), fc.string(), (data, variable) => {
        // JSON is YAML.
        const text = JSON.stringify(data, null, 1);
        const lines = linesOf(text);
        const result = read(text, { A: variable });
        expect(result.config === null).to.equal(result.problems.length > 0);
        for (const { line, column, frame } of result.problems) {
          expect(column).to.be.within(1, (lines.line(line)?.length ?? -1) + 1);
          expect(frame).to.include('^');
        }
      }),
      { numRuns: 1000 },
    );
  });
});
