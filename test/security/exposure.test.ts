import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isLoopback } from '../../store/access-checks.js';
import { readConfig } from '../../store/config.js';
import { formatProblems } from '../../store/report.js';
import { projectRoot } from '../support/paths.js';
import { runCallgate } from '../support/process.js';
import { startTestServer } from '../support/server.js';
import { ALLOWED, BLOCK, blockBody, call, REFUSED, SECRET, TOKEN } from './support.js';

const OPENIM = { id: 'im', platform: 'openim', path: '/openim' };
const TENCENT = { id: 'tc', platform: 'tencent', path: '/tencent', sdkAppId: 1400000000 };
const OPEN = '0.0.0.0:8080';

interface Settings {
  readonly server?: object;
  readonly admin?: object;
  readonly apps: readonly object[];
}

/** JSON is YAML. */
function read(settings: Settings, environment: Readonly<Record<string, string>> = {}, listen?: string) {
  return readConfig(JSON.stringify(settings, null, 1), {
    file: 'config.yaml',
    environment,
    ...(listen !== undefined && { overrides: { listen } }),
  });
}

function problemsOf(...args: Parameters<typeof read>): readonly string[] {
  return read(...args).problems.map(
    ({ code, path, message, hint }) => `${code} ${path.join('.')} ${message} | ${hint ?? ''}`,
  );
}

describe('a configuration that lets other machines call', () => {
  describe('is refused when an app has no protection', () => {
    it('OpenIM, with the ways out', () => {
      const [problem, ...others] = problemsOf({ server: { listen: OPEN }, apps: [OPENIM] });
      expect(others).to.deep.equal([]);
      expect(problem).to.match(/^unprotected apps\.0 Anybody could call the app `im`: .*0\.0\.0\.0:8080/);
      for (const way of ['`secret`', '`networks`', '`server.tls.clientCa`', '`insecure: true`', '127.0.0.1'])
        expect(problem).to.include(way);
    });

    it('Tencent, with the way out', () => {
      const app = { ...TENCENT, networks: ['203.0.113.0/24'] };
      const [problem, ...others] = problemsOf({ server: { listen: OPEN }, apps: [app] });
      expect(others).to.deep.equal([]);
      expect(problem).to.match(/^unprotected apps\.0 .*`token`.*`insecure: true`/);
    });

    it('each of them, and no other', () => {
      const apps = [
        { ...OPENIM, secret: SECRET },
        { ...OPENIM, id: 'second', path: '/second' },
        { ...TENCENT, token: TOKEN },
        { ...TENCENT, id: 'fourth', path: '/fourth', sdkAppId: 1400000001 },
      ];
      const { problems } = read({ server: { listen: OPEN }, apps });
      expect(problems.map(({ code, path }) => [code, ...path])).to.deep.equal([
        ['unprotected', 'apps', 1],
        ['unprotected', 'apps', 3],
      ]);
    });

    it('at any address but those of this machine alone', () => {
      const listens = [
        '0.0.0.0:1',
        '[::]:1',
        '[::0]:1',
        '10.0.0.1:1',
        '[fe80::1]:1',
        'gate.example:1',
        '128.0.0.1:1',
      ];
      for (const listen of [...listens, '[::ffff:10.0.0.1]:1', 'localhost.example:1', '127.0.0.1.nip.io:1'])
        expect(problemsOf({ server: { listen }, apps: [OPENIM] }), listen).to.have.lengthOf(1);
    });

    it('because of the command line', () => {
      expect(problemsOf({ apps: [OPENIM] }, {}, '0.0.0.0:9000')[0]).to.include('0.0.0.0:9000');
    });

    it('because a variable with the secret is empty', () => {
      const apps = [{ ...OPENIM, secret: '${SECRET:-}' }];
      expect(problemsOf({ server: { listen: OPEN }, apps })).to.have.lengthOf(1);
      expect(problemsOf({ server: { listen: OPEN }, apps }, { SECRET })).to.deep.equal([]);
    });

    it('because its networks are the whole world', () => {
      for (const networks of [['0.0.0.0/0'], ['10.0.0.0/8', '::/0']])
        expect(problemsOf({ server: { listen: OPEN }, apps: [{ ...OPENIM, networks }] })).to.have.lengthOf(1);
    });
  });

  it('is taken with any protection, or with the word that there shall be none', () => {
    const tls = { cert: 'a.crt', key: 'a.key' };
    const fine: readonly Settings[] = [
      { apps: [{ ...OPENIM, secret: SECRET }] },
      { apps: [{ ...OPENIM, networks: ['10.0.0.0/8'] }] },
      { server: { tls: { ...tls, clientCa: 'ca.crt' } }, apps: [OPENIM] },
      { apps: [{ ...TENCENT, token: TOKEN }] },
      {
        apps: [
          { ...OPENIM, insecure: true },
          { ...TENCENT, insecure: true },
        ],
      },
    ];
    for (const { server, apps } of fine)
      expect(problemsOf({ server: { listen: OPEN, ...server }, apps })).to.deep.equal([]);
    expect(problemsOf({ server: { listen: OPEN, tls }, apps: [OPENIM] })).to.have.lengthOf(1);
    expect(problemsOf({ server: { listen: OPEN }, apps: [{ ...OPENIM, insecure: false }] })).to.have.lengthOf(
      1,
    );
  });

  it('is refused when its admin listener has no token', () => {
    const [problem, ...others] = problemsOf({ admin: { listen: '0.0.0.0:8081' }, apps: [OPENIM] });
    expect(others).to.deep.equal([]);
    expect(problem).to.match(/^unprotected admin\.listen .*0\.0\.0\.0:8081.*`admin\.token`/);
    const admin = { listen: '0.0.0.0:8081', token: 'token-of-the-operators' };
    expect(problemsOf({ admin, apps: [OPENIM] })).to.deep.equal([]);
  });

  it('needs nothing on loopback', () => {
    for (const listen of [
      '127.0.0.1:1',
      '127.8.9.10:1',
      '[::1]:1',
      '[0:0:0:0:0:0:0:1]:1',
      '[::ffff:127.0.0.1]:1',
      'localhost:1',
      'LOCALHOST:1',
    ])
      expect(problemsOf({ server: { listen }, apps: [OPENIM, TENCENT] }), listen).to.deep.equal([]);
    expect(isLoopback('127.1')).to.equal(false);
  });
});

describe('settings of who may call', () => {
  const cases: Readonly<Record<string, readonly [settings: Settings, problem: RegExp]>> = {
    'a network that is none': [
      { apps: [{ ...OPENIM, networks: ['10.0.0.0/8', '10.0.0.0/33'] }] },
      /^wrong-value apps\.0\.networks\.1 Entry 2: expected an address or network/,
    ],
    'a number for an address': [
      { apps: [{ ...OPENIM, networks: ['10'] }] },
      /^wrong-value apps\.0\.networks\.0/,
    ],
    'a name for an address': [{ apps: [{ ...OPENIM, networks: ['gate.example'] }] }, /^wrong-value/],
    'no networks': [{ apps: [{ ...OPENIM, networks: [] }] }, /^wrong-value apps\.0\.networks .*at least one/],
    'a proxy that is none': [
      { server: { trustProxy: ['10.0.0.0/8', 'x'] }, apps: [OPENIM] },
      /^wrong-value server\.trustProxy\.1/,
    ],
    'trust in everybody': [
      { server: { trustProxy: true }, apps: [OPENIM] },
      /^wrong-value server\.trustProxy .*`trustProxy: 1`/,
    ],
    'too many proxies': [
      { server: { trustProxy: 17 }, apps: [OPENIM] },
      /^wrong-value server\.trustProxy .*up to 16/,
    ],
    'a short secret': [
      { apps: [{ ...OPENIM, secret: 'hunter2' }] },
      /^wrong-value apps\.0\.secret .*16 to 128/,
    ],
    'a secret that is no part of a URL': [
      { apps: [{ ...OPENIM, secret: 'correct/horse/battery' }] },
      /^wrong-value apps\.0\.secret/,
    ],
    'a secret for Tencent': [
      { apps: [{ ...TENCENT, secret: SECRET }] },
      /^unknown-key .* \| `secret` is a setting of openim apps/,
    ],
    'a window for OpenIM': [{ apps: [{ ...OPENIM, signatureWindow: 1 }] }, /^unknown-key .* of tencent apps/],
    'a window of no length': [
      { apps: [{ ...TENCENT, signatureWindow: 0 }] },
      /^wrong-value .*from 1 to 86400/,
    ],
    'a short token for operators': [
      { admin: { token: 'hunter2' }, apps: [OPENIM] },
      /^wrong-value admin\.token/,
    ],
    'a host with a port': [
      { admin: { hosts: ['gate.example:1'] }, apps: [OPENIM] },
      /^wrong-value admin\.hosts\.0 .*without a port/,
    ],
    'a certificate without its key': [
      { server: { tls: { cert: 'a' } }, apps: [OPENIM] },
      /^missing-key server\.tls/,
    ],
    'an unknown version of TLS': [
      { server: { tls: { cert: 'a', key: 'b', minVersion: 'TLSv1.1' } }, apps: [OPENIM] },
      /^wrong-value server\.tls\.minVersion .*TLSv1\.2/,
    ],
  };
  for (const [what, [settings, problem]] of Object.entries(cases)) {
    it(`refuse ${what}`, () => {
      const problems = problemsOf(settings);
      expect(problems).to.have.lengthOf(1);
      expect(problems[0]).to.match(problem).and.not.include('hunter2').and.not.include('correct');
    });
  }

  it('take no proxies in each way of saying so', () => {
    for (const trustProxy of [false, 0])
      expect(read({ server: { trustProxy }, apps: [OPENIM] }).config?.server).to.not.have.property(
        'trustProxy',
      );
    const text =
      'server: { trustProxy: "${PROXIES:-false}" }\napps: [{ id: im, platform: openim, path: /im }]\n';
    const trusted = (PROXIES: string) =>
      readConfig(text, { file: 'c', environment: { PROXIES } }).config?.server.trustProxy;
    expect([trusted('false'), trusted('2')]).to.deep.equal([undefined, 2]);
  });

  it('are never shown in reports where they are secret', () => {
    const secrets = ['s3cret-of-openim', 's3cret-of-tencent', 's3cret-of-admin', 's3cret-of-hashes'];
    const [openim, tencent, admin, hashes] = secrets;
    const block = `admin:\n  token: ${admin} x\ndecisionLog:\n  hashKey: "${hashes}\napps:\n  - secret: ${openim}\n    pth: /a\n  - token: '${tencent}'\n    pth: /b\n`;
    const flow = `admin: { token: "${admin} x" }\ndecisionLog: { hashKey: ${hashes}, x: 1 }\napps: [{ secret: ${openim}, pth: 1 }, { token: ${tencent}, pth: 2 }]\n`;
    const folded = `admin:\n  token: >-\n    ${admin}\n    ${admin}\n  tokn:\n    ${hashes}\napps:\n  - secret: |\n      ${openim}\n    pth: 1\n  - token:\n      ${tencent}\n    pth: 2\n`;
    for (const text of [block, flow, folded]) {
      const { problems } = readConfig(text, { file: 'config.yaml', environment: {} });
      expect(problems.length).to.be.above(0);
      const report = formatProblems(problems) + JSON.stringify(problems);
      for (const secret of secrets) expect(report, text).to.not.include(secret);
    }
  });
});

describe('callgate start beyond loopback', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'callgate-exposure-'));
    writeFileSync(join(folder, 'rules.yaml'), '');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('ends with 1 for the shipped configuration, and names what to do', async () => {
    const { code, stdout, stderr } = await runCallgate(['start', '--listen', '0.0.0.0:0'], {
      cwd: projectRoot,
    }).ended;
    expect(code).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/^config\.yaml:\d+:\d+ error unprotected {2}Anybody could call the app `openim`/);
    expect(stderr).to.include('hint: Set `secret`').and.include('2 errors in 1 file');
  });

  it('serves an app with a secret at every address, and refuses who has none', async () => {
    const settings = { server: "listen: '0.0.0.0:0'" };
    const apps = `apps: [{ id: im, platform: openim, path: /openim, secret: ${SECRET} }]\n`;
    const server = await startTestServer({ apps, rules: { 'rules.yaml': 'rules: []\n' }, settings });
    const { port } = new URL(server.callbackOrigin);
    const reply = async (path: string) =>
      (await call(`http://127.0.0.1:${port}${path}`, { body: blockBody })).json;
    expect(await reply(`/openim/${SECRET}/${BLOCK}`)).to.deep.equal(ALLOWED);
    expect(await reply(`/openim/${BLOCK}`)).to.deep.equal(REFUSED);
    expect(server.printed()).to.not.include('UNPROTECTED');
    await server.stop();
  });

  it('says in large letters that an app is insecure', async () => {
    const settings = { server: "listen: '0.0.0.0:0'" };
    const apps = 'apps: [{ id: im, platform: openim, path: /openim, insecure: true }]\n';
    const server = await startTestServer({ apps, rules: { 'rules.yaml': 'rules: []\n' }, settings });
    expect(server.printed()).to.include('!!  UNPROTECTED: im');
    await server.stop();
  });
});
