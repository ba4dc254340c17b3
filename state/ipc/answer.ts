/** Answers what other processes ask of a state store. */
import type { StateCommand, StateStore } from '../../engine/state.js';
import { readRequest, type Reply, type Turn } from './messages.js';

/**
 * Carries out a request of a client, run by run.
 *
 * @param send takes the reply; of a store that answers at once, before this function returns
 */
export function answerRequest(store: StateStore, text: string, send: (text: string) => void): void {
  const [id, runs] = readRequest(text);
  const turns = runs.map((commands) => attempt(store, commands));
  const reply = (settled: readonly Turn[]): void => send(JSON.stringify([id, settled] satisfies Reply));
  if (turns.every(isKnown)) reply(turns);
  else void Promise.all(turns.map((turn) => Promise.resolve(turn))).then(reply);
}

function isKnown(turn: Turn | Promise<Turn>): turn is Turn {
  return !(turn instanceof Promise);
}

function attempt(store: StateStore, commands: readonly StateCommand[]): Turn | Promise<Turn> {
  try {
    const answer = store.run(commands);
    return answer instanceof Promise ? answer.catch(reasonOf) : answer;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
