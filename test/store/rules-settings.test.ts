import { expect } from 'chai';
import { readConfig, type Config } from '../../store/config.js';

const APPS = 'apps: [{ id: im, platform: openim, path: /im }]\n';
const REDIS = 'state: { redis: redis://127.0.0.1:6379 }\n';

function read(text: string, environment: Readonly<Record<string, string>> = {}) {
  return readConfig(text + APPS, { file: '/etc/callgate/config.yaml', environment });
}

function configOf(text: string, environment?: Readonly<Record<string, string>>): Config {
  const { config, problems } = read(text, environment);
  expect(problems).to.deep.equal([]);
  return config!;
}

function problemsOf(text: string): readonly string[] {
  return read(text).problems.map(
    ({ line, column, code, message, hint }) =>
      `${line}:${column} ${code} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  );
}

describe('the setting `rules`', () => {
  it('is a folder, written in either way', () => {
    const wanted = { type: 'folder', folder: '/etc/callgate/my/rules' };
    expect(configOf('rules: my/rules\n').rules).to.deep.equal(wanted);
    expect(configOf('rules: { folder: my/rules }\n').rules).to.deep.equal(wanted);
    expect(configOf('rules: { folder: my/rules, redis: false }\n').rules).to.deep.equal(wanted);
  });

  it('is what is published, with a key or without', () => {
    expect(configOf(`rules: { redis: true }\n${REDIS}`).rules).to.deep.equal({ type: 'redis' });
    expect(configOf(`rules: { redis: true, publicKey: key.pem }\n${REDIS}`).rules).to.deep.equal({
      type: 'redis',
      publicKey: '/etc/callgate/key.pem',
    });
  });

  it('may come from the environment', () => {
    const text = `rules: { redis: "\${PUBLISHED}" }\n${REDIS}`;
    expect(configOf(text, { PUBLISHED: 'true' }).rules).to.deep.equal({ type: 'redis' });
  });

  const MISTAKES: Readonly<Record<string, readonly [text: string, problem: string]>> = {
    'published rules without Redis': [
      'rules: { redis: true }\n',
      '1:17 missing-key `rules.redis` uses the Redis of `state`, and there is none. | For example `state: { redis: redis://127.0.0.1:6379 }`.',
    ],
    'published rules with state in memory': [
      'rules: { redis: true }\nstate: memory\n',
      '1:17 missing-key `rules.redis` uses the Redis of `state`, and there is none. | For example `state: { redis: redis://127.0.0.1:6379 }`.',
    ],
    'a folder beside published rules': [
      `rules: { redis: true, folder: rules }\n${REDIS}`,
      '1:31 wrong-value With `redis: true`, no folder is read. | `callgate publish FOLDER` publishes one.',
    ],
    'a mapping that says nothing': [
      'rules: {}\n',
      '1:8 missing-key Nothing says where the rules come from. | Set `folder: rules` or `redis: true`.',
    ],
    'a key without published rules': [
      'rules: { folder: rules, publicKey: key.pem }\n',
      '1:36 wrong-value A key is for published rules only, with `redis: true`.',
    ],
    'a misspelt key': [
      'rules: { foldr: rules, folder: rules }\n',
      '1:10 unknown-key Unknown key `foldr`. | Did you mean `folder`?',
    ],
    'a list': [
      'rules: [rules]\n',
      '1:8 wrong-type `rules`: expected the path of a folder, or a mapping with `folder` or `redis: true`, found a list.',
    ],
    'a stream of decisions without Redis': [
      'decisionLog: { redis: decisions }\n',
      '1:23 missing-key `decisionLog.redis` uses the Redis of `state`, and there is none. | For example `state: { redis: redis://127.0.0.1:6379 }`.',
    ],
    'a stream without a usable name': [
      `decisionLog: { redis: "my decisions" }\n${REDIS}`,
      '1:23 wrong-value `redis`: expected a key of up to 200 visible ASCII characters, such as callgate:decisions.',
    ],
    'a stream that keeps nothing': [
      `decisionLog: { redis: decisions, maxlen: 0 }\n${REDIS}`,
      '1:42 wrong-value `maxlen`: expected a whole number from 1 to 1000000000.',
    ],
  };
  for (const [name, [text, problem]] of Object.entries(MISTAKES)) {
    it(`locates ${name}`, () => {
      expect(problemsOf(text)).to.deep.equal([problem]);
    });
  }

  it('names a stream of decisions, which keeps a million lines', () => {
    const { decisionLog } = configOf(`decisionLog: { redis: 'callgate:decisions' }\n${REDIS}`);
    expect(decisionLog).to.include({ to: 'none', redis: 'callgate:decisions', maxlen: 1_000_000 });
  });
});
