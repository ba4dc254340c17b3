/** The thread that loads rules, so that callbacks do not have to wait for it. */
import { MessageChannel, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { LocatedProblem } from '../engine/problem.js';
import { NO_KNOWLEDGE, type Knowledge } from './compile-files.js';
import type { LoadOrder, ThreadLoaded, ThreadMessage, ThreadStart } from './load-protocol.js';
import { keepRules, loadRules, type LoadedRules } from './load-rules.js';
import { transferablesOf } from './transferables.js';

/** Problems that are read in one go. */
const PROBLEMS_AT_ONCE = 100;
/** Milliseconds between two reports of progress. */
const PROGRESS_INTERVAL = 100;

// Given by `load-thread.ts`, and by nobody else.
const { context, knowledge: parcel } = workerData as ThreadStart;
let knowledge = parcel === null ? NO_KNOWLEDGE : unpack(receiveMessageOnPort(parcel)?.message);
parcel?.close();
/** Revision that was kept last. */
let kept: string | undefined;

function unpack(message: unknown): Knowledge {
  // Sent by `send`, and by nobody else.
  return message === undefined ? NO_KNOWLEDGE : (message as Knowledge);
}

function say(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

async function load({ source, keepAt }: LoadOrder): Promise<void> {
  let toldAt = performance.now();
  const loaded = await loadRules(source, {
    context,
    knowledge,
    onProgress(done, total) {
      if (performance.now() - toldAt < PROGRESS_INTERVAL) return;
      toldAt = performance.now();
      say({ type: 'progress', done, total });
    },
  });
  knowledge = loaded.knowledge;
  const revision = loaded.image?.revision;
  send(loaded);
  const isNew = source.type !== 'last-good' && revision !== undefined && revision !== kept;
  const error = keepAt !== null && isNew ? await keep(keepAt, loaded) : null;
  if (isNew) kept = revision;
  say({ type: 'idle', error });
}

function send({ image, problems, folder, savedAt, knowledge: next }: LoadedRules): void {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(next);
  port1.close();
  const message: ThreadLoaded = {
    type: 'loaded',
    image,
    problems: slicesOf(problems).map((some) => JSON.stringify(some)),
    folder,
    savedAt,
    knowledge: port2,
  };
  parentPort?.postMessage(message, [...transferablesOf(image), port2]);
}

function slicesOf(problems: readonly LocatedProblem[]): readonly (readonly LocatedProblem[])[] {
  const count = Math.ceil(problems.length / PROBLEMS_AT_ONCE);
  return Array.from({ length: count }, (_, index) =>
    problems.slice(index * PROBLEMS_AT_ONCE, (index + 1) * PROBLEMS_AT_ONCE),
  );
}

/** @returns why it could not be kept */
async function keep(path: string, { files }: LoadedRules): Promise<string | null> {
  try {
    await keepRules(path, files, Date.now());
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

let last: Promise<void> = Promise.resolve();
parentPort?.on('message', (order: LoadOrder) => {
  last = last.then(() => load(order));
});
