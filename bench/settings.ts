/** The configuration that everything of ours is measured with: all that protects and records is on. */
import { join } from 'node:path';
import { readConfig, type Config } from '../store/config.js';

export const SDK_APP_ID = '1400000000';
export const TOKEN = 'token-of-the-benchmarks';
export const SECRET = 'secret-of-the-benchmarks';

export interface Settings {
  /** Folder of the rule files. */
  readonly rules: string;
  /** Folder for what the server writes. */
  readonly output: string;
  readonly port: number;
  readonly adminPort: number;
  readonly workers: number;
}

/** The text of config.yaml. */
export function configText({ rules, output, port, adminPort, workers }: Settings): string {
  return `
server: { listen: '127.0.0.1:${port}', workers: ${workers} }
admin: { listen: '127.0.0.1:${adminPort}' }
rules: ${JSON.stringify(rules)}
decisionLog: { to: file, file: ${JSON.stringify(join(output, 'decisions.jsonl'))} }
apps:
  - { id: openim, platform: openim, path: /openim, secret: ${SECRET} }
  - { id: tencent, platform: tencent, path: /tencent, sdkAppId: ${SDK_APP_ID}, token: ${TOKEN} }
`;
}

/** @throws Error when the configuration has no such settings */
export function configOf(settings: Settings): Config {
  const { config, problems } = readConfig(configText(settings), { file: 'config.yaml', environment: {} });
  if (config === null) throw new Error(problems[0]?.message ?? 'no configuration');
  return config;
}
