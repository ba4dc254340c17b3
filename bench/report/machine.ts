/** Where figures come from: without it they mean nothing. */
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { generatorName } from '../http/load.js';
import { peerVersions } from '../peers.js';
import { projectRoot } from '../root.js';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** What sends the load over HTTP. */
  readonly generator: string;
  /** Version of every package that was measured. */
  readonly packages: Readonly<Record<string, string>>;
}

const MEASURED = ['json-rules-engine', 'koa', '@koa/router', 'koa-bodyparser', 'pino', 'yaml', 'tinybench'];

function installedVersion(name: string): string {
  const file = join(projectRoot, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    generator: generatorName,
    packages: {
      ...Object.fromEntries(MEASURED.map((name) => [name, installedVersion(name)])),
      ...peerVersions(),
    },
  };
}
