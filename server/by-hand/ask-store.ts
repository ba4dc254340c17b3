/** Asks a store for people, who want to know what is, and not what this process has seen of it. */
import type { StateCommand, StateStore } from '../../engine/state.js';
import { Refusal } from '../admin-json.js';

/** @throws Refusal with 503 when the store cannot be asked */
export async function askStore(
  store: StateStore | undefined,
  commands: readonly StateCommand[],
): Promise<readonly number[]> {
  if (store === undefined) throw new Refusal(503, 'The gate is starting or stopping. Try again.');
  try {
    const { results } = await store.run(commands);
    return results;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Refusal(503, `What is remembered cannot be reached: ${reason}. Try again.`);
  }
}
