/** The program of a worker process: takes orders from the primary, and answers callbacks. */
import { Socket } from 'node:net';
import { startCallbackServer, type CallbackServer } from '../callback-server.js';
import { openFleetRedis } from '../fleet-redis.js';
import { NoRulesError, openLoadedRules } from '../first-load.js';
import { keepGoing, outliveOutput } from '../keep-going.js';
import { ListenError } from '../listener.js';
import { createStandardLog } from '../log.js';
import { createLiveLists } from '../../engine/live/live-lists.js';
import { createListReplica } from '../../state/lists/replica.js';
import { createStateClient } from '../../state/ipc/client.js';
import { remoteState } from '../state/remote-state.js';
import { isOrder, type Answer, type Order, type WorkerTask } from './messages.js';

let server: CallbackServer | undefined;
let take = (socket: Socket): void => void socket.destroy();

/** @param onSent called when the primary has it, or cannot have it any more */
function tell(answer: Answer, onSent: () => void = () => undefined): void {
  if (process.connected) process.send?.(answer, undefined, {}, onSent);
  else onSent();
}

/** What rules remember, where the primary keeps it. */
const memory = createStateClient({
  send(text) {
    tell({ type: 'state', text });
    return process.connected;
  },
});

const live = createLiveLists();
const replica = createListReplica(live);
const lists = { known: (): void => undefined };
/** Resolves when the primary has told all live lists. */
const listsKnown = new Promise<void>((resolve) => (lists.known = resolve));

outliveOutput();

/** The primary decides when a worker ends; a signal to the whole group must not come before its order. */
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** Nobody is left who could hand over connections. */
process.on('disconnect', () => {
  memory.cut();
  void end();
});

process.on('message', (message: unknown, socket: unknown) => {
  if (isOrder(message)) void obey(message, socket instanceof Socket ? socket : undefined);
});

async function obey(order: Order, socket: Socket | undefined): Promise<void> {
  switch (order.type) {
    case 'start':
      return start(order);
    case 'connection':
      tell({ type: 'taken', id: order.id });
      // None when the client has gone meanwhile.
      if (socket !== undefined) take(socket);
      return;
    case 'report':
      if (server === undefined) return;
      tell({
        type: 'report',
        id: order.id,
        report: { status: server.status(), metrics: await server.metrics.snapshot() },
      });
      return;
    case 'state':
      memory.hear(order.text);
      return;
    case 'lists':
      if (order.update === null) lists.known();
      else replica.apply(order.update);
      return;
    case 'drain':
      return end();
  }
}

async function start({ slot, config, address, lastGood }: WorkerTask): Promise<void> {
  const logger = createStandardLog(config.log.level).child({ worker: slot });
  const out = { write: (text: string) => tell({ type: 'said', text }) };
  try {
    const fleetRedis = openFleetRedis(config, logger);
    const ruleStore = await openLoadedRules({ config, lastGood, fleetRedis, live, logger, out });
    await listsKnown;
    server = await startCallbackServer({
      config,
      ruleStore,
      fleetRedis,
      ...(config.state.type === 'memory' && { state: remoteState(memory) }),
      logger,
      onReload: (reload, rules) => tell({ type: 'reloaded', reload, rules }),
      connections: { address, onConnection: (taker) => (take = taker) },
    });
  } catch (error) {
    if (!(error instanceof NoRulesError || error instanceof ListenError)) throw error;
    tell({ type: 'failed', message: error.message }, () => process.exit(1));
    return;
  }
  keepGoing(logger, () => tell({ type: 'unsound' }));
  tell({ type: 'serving', rules: server.rules() });
}

/** Answers what has come, then ends. */
async function end(): Promise<void> {
  await server?.close();
  process.exit(server === undefined ? 1 : 0);
}
