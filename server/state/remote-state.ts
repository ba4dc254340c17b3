/** State that the primary keeps, as a worker sees it. */
import type { StateClient } from '../../state/ipc/client.js';
import type { State } from './state.js';
import { observeStore } from './usage.js';

export function remoteState(client: StateClient): State {
  return {
    type: 'memory',
    direct: client,
    ...observeStore(client),
    isDegraded: () => false,
    status: () => ({ type: 'memory' }),
    // Its process may end then, with all that it has sent on its way.
    close: client.settled,
  };
}
