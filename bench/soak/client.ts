/** A client as the platforms are: it keeps its connection, and opens another when it has to. */
import { Agent, request, type ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { CALLBACKS, SLOW, type SoakCallback } from './callbacks.js';
import { noteAnswer, noteUnanswered, noteWrong, type Ledger } from './ledger.js';
import { revisionOf, type Span } from './revisions.js';
import type { Surroundings } from './surroundings.js';

export interface ClientParts {
  readonly port: number;
  readonly ledger: Ledger;
  readonly surroundings: Surroundings;
}

/** Milliseconds after which nobody waits for an answer any more. */
const PATIENCE = 15_000;
/** Times that a callback is sent again. */
const ATTEMPTS = 20;

const RESETS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** There was no answer. */
class NoAnswer extends Error {
  constructor(
    readonly reason: string,
    /** Whether the connection was made for this callback. */
    readonly isFresh: boolean,
  ) {
    super(reason);
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly socket: Socket | undefined;
}

/** Sends a request. @param end sends its body @throws NoAnswer */
function exchange(
  port: number,
  agent: Agent,
  { url, headers, body }: SoakCallback,
  end: (outgoing: ClientRequest) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let socket: Socket | undefined;
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        agent,
        method: 'POST',
        path: url(),
        headers: { ...headers, 'content-length': body.length },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => (text += piece));
        response.on('error', fail);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, socket }));
      },
    );
    function fail(error: NodeJS.ErrnoException): void {
      reject(new NoAnswer(error.code ?? error.message, !outgoing.reusedSocket));
    }
    outgoing.on('socket', (given) => (socket = given));
    outgoing.on('error', fail);
    outgoing.setTimeout(PATIENCE, () =>
      outgoing.destroy(Object.assign(new Error(), { code: 'no reply in 15 s' })),
    );
    end(outgoing);
  });
}

const atOnce =
  ({ body }: SoakCallback) =>
  (outgoing: ClientRequest): void =>
    void outgoing.end(body);

/** A half now, and the rest never. */
const half =
  ({ body }: SoakCallback) =>
  (outgoing: ClientRequest): void =>
    void outgoing.write(body.subarray(0, body.length / 2));

/** Sends callbacks one after the other until the gate is gone. @param turn the first of them */
export async function runClient(parts: ClientParts, turn: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const connection = { socket: undefined as Socket | undefined, revision: -1 };
  for (let at = turn; ; at += 1) {
    const callback = CALLBACKS[at % CALLBACKS.length];
    if (callback === undefined || !(await sendOne(parts, agent, callback, atOnce(callback), connection)))
      break;
  }
  agent.destroy();
}

/** Sends callbacks of which only a half arrives, until the gate is gone. */
export async function runSlowClient(parts: ClientParts): Promise<void> {
  for (;;) {
    const agent = new Agent({ keepAlive: false });
    const connection = { socket: undefined, revision: -1 };
    const isThere = await sendOne(parts, agent, SLOW, half(SLOW), connection);
    agent.destroy();
    if (!isThere) return;
  }
}

/** The last revision that was seen on a connection, which leads to one process. */
interface Connection {
  socket: Socket | undefined;
  revision: number;
}

/** @returns whether the gate is still there */
async function sendOne(
  { port, ledger, surroundings }: ClientParts,
  agent: Agent,
  callback: SoakCallback,
  end: (outgoing: ClientRequest) => void,
  connection: Connection,
): Promise<boolean> {
  ledger.sent += 1;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { from } = surroundings.span();
    const began = performance.now();
    try {
      const answer = await exchange(port, agent, callback, end);
      const ms = performance.now() - began;
      if (attempt > 1) ledger.answeredAgain += 1;
      take(ledger, callback, answer, ms, { from, to: surroundings.span().to }, connection);
      return true;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const { reason, isFresh } = error;
      if (surroundings.isStopping() && (reason === 'ECONNREFUSED' || (isFresh && RESETS.has(reason)))) {
        // Nobody has taken it on.
        ledger.sent -= 1;
        return false;
      }
      if (!RESETS.has(reason) || !surroundings.isKilling()) {
        noteUnanswered(ledger, `${callback.name}: ${reason}`);
        return true;
      }
      if (attempt === 1) ledger.reset += 1;
    }
  }
  noteUnanswered(ledger, `${callback.name}: reset ${ATTEMPTS} times`);
  return true;
}

function take(
  ledger: Ledger,
  callback: SoakCallback,
  { status, text, socket }: Answer,
  ms: number,
  span: Span,
  connection: Connection,
): void {
  const said = status === 200 ? callback.read(parsed(text)) : 'nonsense';
  noteAnswer(ledger, callback, { said, text, ms, span });
  if (callback.wanted !== 'rules') return;
  if (socket !== connection.socket) Object.assign(connection, { socket, revision: -1 });
  const revision = revisionOf(said, span) ?? connection.revision;
  if (revision < connection.revision) {
    noteWrong(ledger, callback, `revision ${revision} after ${connection.revision} on the same connection`);
  }
  connection.revision = revision;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
