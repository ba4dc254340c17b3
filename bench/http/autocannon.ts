/** Runs autocannon in a process of its own. Arguments: a file with the load, autocannon's main file. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Load } from './load.js';

interface Autocannon {
  readonly default: (options: unknown) => Promise<{
    readonly requests: { readonly total: number };
    readonly duration: number;
    readonly errors: number;
    readonly non2xx: number;
  }>;
}

const [file = '', main = ''] = process.argv.slice(2);
const { port, requests, seconds, connections } = JSON.parse(readFileSync(file, 'utf8')) as Load;
const { default: autocannon } = (await import(pathToFileURL(main).href)) as Autocannon;
const {
  requests: sent,
  duration,
  errors,
  non2xx,
} = await autocannon({
  url: `http://127.0.0.1:${port}`,
  connections,
  duration: seconds,
  requests: requests.map(({ url, body }) => ({
    method: 'POST',
    path: url,
    headers: { 'content-type': 'application/json' },
    body,
  })),
});
process.stdout.write(
  `${JSON.stringify({ answers: sent.total, errors: errors + non2xx, seconds: duration })}\n`,
);
