/** Sends load over HTTP and counts: wrk where it is installed, else autocannon. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { installPeers, resolvePeer } from '../peers.js';
import { canPin, GENERATOR_CORE } from '../process/child.js';
import { workFolder } from '../root.js';

/** A request of a load. */
export interface Request {
  /** Path and query. */
  readonly url: string;
  readonly body: string;
}

export interface Load {
  readonly port: number;
  /** Sent in turn. */
  readonly requests: readonly Request[];
  readonly seconds: number;
  /** Open at the same time. */
  readonly connections: number;
  /** Whether the generator keeps to its core; it does unless told otherwise. */
  readonly isPinned?: boolean;
}

export const hasWrk = spawnSync('wrk', ['-v']).error === undefined;

/** What {@link sendLoad} uses. */
export const generatorName = hasWrk ? 'wrk' : 'autocannon';

const FOLDER = join(workFolder, 'load');

export interface Answered {
  readonly answers: number;
  readonly seconds: number;
}

/** @throws Error when a request got no answer, or one without success */
export async function sendLoad(load: Load): Promise<Answered> {
  mkdirSync(FOLDER, { recursive: true });
  return hasWrk ? sendWithWrk(load) : sendWithAutocannon(load);
}

/** Runs a program on the generator's core. @returns what it writes */
async function run(command: string, args: readonly string[], isPinned = true): Promise<string> {
  const [program, options] =
    canPin && isPinned ? ['taskset', ['-c', String(GENERATOR_CORE), command, ...args]] : [command, args];
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<unknown[]>]);
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}`);
  return output;
}

function readSummary(output: string): Answered {
  const line = output.split('\n').findLast((each) => each.startsWith('{')) ?? '{}';
  const { answers, errors, seconds } = JSON.parse(line) as Record<string, number>;
  if (answers === undefined || seconds === undefined) throw new Error('the load generator told nothing');
  if (errors !== 0) throw new Error(`${errors} of ${answers} requests failed`);
  return { answers, seconds };
}

async function sendWithWrk({ port, requests, seconds, connections, isPinned }: Load): Promise<Answered> {
  const script = join(FOLDER, `requests-${port}.lua`);
  writeFileSync(script, luaOf(requests));
  const options = [
    '-t',
    '1',
    '-c',
    String(connections),
    '-d',
    `${seconds}s`,
    '--timeout',
    '30s',
    '-s',
    script,
  ];
  return readSummary(await run('wrk', [...options, `http://127.0.0.1:${port}`], isPinned));
}

/** Lua that sends the requests in turn and ends with a line of JSON. */
function luaOf(requests: readonly Request[]): string {
  const formatted = requests.map(({ url, body }) => `  add(${luaText(url)}, ${luaText(body)})`);
  return `local requests = {}
local headers = { ["Content-Type"] = "application/json" }
local function add(url, body) requests[#requests + 1] = wrk.format("POST", url, headers, body) end
function init()
${formatted.join('\n')}
end
local turn = 0
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary)
  local e = summary.errors
  print(string.format('{"answers":%d,"errors":%d,"seconds":%f}', summary.requests,
    e.connect + e.read + e.write + e.status + e.timeout, summary.duration / 1e6))
end
`;
}

const luaText = (value: string): string => `[==[${value}]==]`;

async function sendWithAutocannon(load: Load): Promise<Answered> {
  installPeers(() => undefined);
  const file = join(FOLDER, `requests-${load.port}.json`);
  writeFileSync(file, JSON.stringify(load));
  const program = join(import.meta.dirname, 'autocannon.js');
  return readSummary(await run(process.execPath, [program, file, resolvePeer('autocannon')], load.isPinned));
}
