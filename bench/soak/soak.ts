/** Keeps load, reloads and faults going together for a while. */
import { setTimeout } from 'node:timers/promises';
import { runClient, runSlowClient, type ClientParts } from './client.js';
import { startGate } from './gate.js';
import { createLedger } from './ledger.js';
import { sendLoiterers } from './loiterers.js';
import type { SoakResult } from './outcome.js';
import { createSurroundings, residentMemory } from './surroundings.js';

export interface SoakOptions {
  readonly seconds: number;
  /** Processes that answer; workers are killed where there are several. */
  readonly workers: number;
}

const CLIENTS = 12;
const SLOW_CLIENTS = 4;
const LOITERERS = 20;
/** Milliseconds until memory is looked at for the first time. */
const WARM = 2_000;
/** Milliseconds that the gate may take to end. */
const END = 60_000;

/** Runs a soak. Ends all that it starts. */
export async function soak({ seconds, workers }: SoakOptions): Promise<SoakResult> {
  const gate = await startGate(workers);
  try {
    const until = performance.now() + seconds * 1000;
    const ledger = createLedger();
    const surroundings = createSurroundings(gate, until);
    const parts: ClientParts = { port: gate.port, ledger, surroundings };
    const clients = [
      ...Array.from({ length: CLIENTS }, (_, turn) => runClient(parts, turn)),
      ...Array.from({ length: SLOW_CLIENTS }, () => runSlowClient(parts)),
    ];
    const loiterers = sendLoiterers(gate.port, LOITERERS);
    const chaos = [surroundings.keepReloading(), surroundings.keepKilling()];
    await setTimeout(WARM);
    const atStart = await residentMemory(gate);
    await Promise.all(chaos);
    const atEnd = await residentMemory(gate);
    const status = await gate.status();
    loiterers.end();
    surroundings.stop();
    await Promise.all(clients);
    const ending = await Promise.race([gate.ended, setTimeout(END, 'no end', { ref: false })]);
    return {
      ledger,
      seconds,
      workers,
      killed: surroundings.killed(),
      memory: [atStart, atEnd],
      log: gate.log(),
      dropped: status?.counters.afterQueue.dropped ?? 0,
      shed: Object.values(status?.counters.overload.shed ?? {}).reduce((sum, count) => sum + count, 0),
      ending,
    };
  } finally {
    gate.kill();
  }
}
