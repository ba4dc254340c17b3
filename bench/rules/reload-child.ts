/** Loads a folder of rules, then changes one file after the other. The argument is the folder. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { openRuleStore } from '../../server/rules.js';
import type { Reload } from '../../store/rule-store.js';
import { median } from '../figure.js';
import { configOf } from '../settings.js';
import { fileName } from './folder.js';

/** In milliseconds. */
export interface ReloadReport {
  readonly firstLoad: number;
  readonly firstStall: number;
  /** The median save after a rest. */
  readonly saved: number;
  /** The median save right after another. */
  readonly savedAgain: number;
  /** The longest of all saves. */
  readonly stall: number;
}

const SAVES = 4;
/** Milliseconds after which the thread that loads rules has ended, so that the next save needs another. */
const REST = 4000;

const [rules = ''] = process.argv.slice(2);
const store = openRuleStore(
  configOf({ rules, output: rules, port: 0, adminPort: 0, workers: 1 }),
  (error) => {
    throw error;
  },
);

/** Milliseconds of the work, and of the longest stall of the event loop meanwhile. */
async function timed(work: () => Promise<unknown>): Promise<{ took: number; stall: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begin = performance.now();
  await work();
  const took = performance.now() - begin;
  delay.disable();
  return { took, stall: delay.max / 1e6 };
}

function nextReload(): Promise<Reload> {
  return new Promise((resolve) => {
    const end = store.onReload((reload) => {
      end();
      resolve(reload);
    });
  });
}

async function save(number: number): Promise<void> {
  const file = join(rules, fileName(number));
  const text = readFileSync(file, 'utf8');
  const loaded = nextReload();
  writeFileSync(
    file,
    text.replaceAll(/Refused (again )*by/g, (found) => `${found.slice(0, -2)}again by`),
  );
  const { outcome, problems } = await loaded;
  if (outcome !== 'loaded') throw new Error(`${outcome}: ${problems[0]?.message}`);
}

const first = await timed(() => store.load());
if (store.current() === null) throw new Error('the rules are not right');
await store.watch();
const rested: { took: number; stall: number }[] = [];
const again: typeof rested = [];
for (let number = 0; number < SAVES; number += 1) {
  await setTimeout(REST);
  rested.push(await timed(() => save(2 * number)));
  again.push(await timed(() => save(2 * number + 1)));
}
await store.close();

const report: ReloadReport = {
  firstLoad: first.took,
  firstStall: first.stall,
  saved: median(rested.map(({ took }) => took)),
  savedAgain: median(again.map(({ took }) => took)),
  stall: Math.max(...[...rested, ...again].map(({ stall }) => stall)),
};
process.send?.(report);
