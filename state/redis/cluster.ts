/** The masters of a Cluster: each command goes to the one that holds its key, and one that is gone stops no other. */
import { ErrorReply } from '@redis/client';
import { besideOf, nameOf, type Address } from './address.js';
import { askOnce } from './ask-once.js';
import { readRedirection, readSlots, type SlotRange } from './cluster-slots.js';
import { createLink, NoConnectionError, type Command, type Link } from './link.js';
import type { Nodes, NodesOptions } from './nodes.js';
import type { RedisReply } from './redis.js';
import { slotOf } from './slot.js';
import { OverdueError } from './within.js';

/** Milliseconds between two looks at who holds what: while something is wrong, and else. */
const LOOK_AGAIN = 500;
const LOOK_SOMETIMES = 15_000;
/** How often a command may be sent on to another node. */
const MOST_HOPS = 5;

interface Node {
  readonly address: Address;
  readonly link: Link;
  /** Whether it was there once, or could not be reached. */
  isTried: boolean;
}

const noop = (): void => undefined;

export function createCluster(seeds: readonly [Address, ...Address[]], options: NodesOptions): Nodes {
  const { timeout, onChange } = options;
  const nodes = new Map<string, Node>();
  let owners: readonly (Node | undefined)[] = [];
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;
  let isClosed = false;
  let hasBegun = false;

  /** In the beginning all nodes are waited for, so that who waits for the connection can then ask for any key. */
  function isUp(): boolean {
    hasBegun ||= nodes.size > 0 && [...nodes.values()].every(({ isTried }) => isTried);
    return hasBegun && upNodes().length > 0;
  }

  function nodeAt(address: Address): Node {
    const known = nodes.get(nameOf(address));
    if (known !== undefined) return known;
    const link = createLink({
      find: () => Promise.resolve(address),
      greet: async (client) => void (await client.sendCommand(['PING'])),
      timeout,
      onUp: () => {
        node.isTried = true;
        onChange();
      },
      onDown: (error) => {
        node.isTried = true;
        onChange(error);
        lookAfter(LOOK_AGAIN);
      },
    });
    const node: Node = { address, link, isTried: false };
    nodes.set(nameOf(address), node);
    return node;
  }

  const upNodes = (): Node[] => [...nodes.values()].filter(({ link }) => link.client() !== undefined);

  function look(): Promise<void> {
    looking ??= lookOnce().finally(() => {
      looking = undefined;
      const isWhole = upNodes().length === nodes.size && nodes.size > 0;
      lookAfter(isWhole ? LOOK_SOMETIMES : LOOK_AGAIN);
    });
    return looking;
  }

  function lookAfter(milliseconds: number): void {
    const at = performance.now() + milliseconds;
    if (isClosed || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => {
      dueAt = Infinity;
      void look();
    }, milliseconds);
    timer.unref();
  }

  async function lookOnce(): Promise<void> {
    const command = ['CLUSTER', 'SLOTS'];
    const known = [...nodes.values()].map(({ address }) => address);
    const errors: Error[] = [];
    for (const { address, link } of upNodes()) {
      if (await take(address, link.send(command), errors)) return;
    }
    for (const address of [...seeds, ...known]) {
      if (isClosed || (await take(address, askOnce(address, command), errors))) return;
    }
    onChange(new AggregateError(errors, errors.map((error) => error.message).join(', ')));
  }

  async function take(asked: Address, answer: Promise<RedisReply>, errors: Error[]): Promise<boolean> {
    try {
      const found = readSlots(await answer, asked);
      if (found.length === 0) throw new Error(`${nameOf(asked)}: knows no slots`);
      if (!isClosed) hold(found);
      return true;
    } catch (error) {
      errors.push(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  function hold(found: readonly SlotRange[]): void {
    const table: (Node | undefined)[] = [];
    for (const { from, to, master } of found) {
      const node = nodeAt(master);
      for (let slot = from; slot <= to; slot++) table[slot] = node;
    }
    owners = table;
    const wanted = new Set(owners);
    for (const [name, node] of nodes) {
      if (wanted.has(node)) continue;
      nodes.delete(name);
      void node.link.close();
    }
  }

  async function send(key: string | null, command: Command): Promise<RedisReply> {
    const end = performance.now() + timeout;
    const [anyNode] = upNodes();
    const first = key === null ? anyNode : owners[slotOf(key)];
    if (first === undefined) throw new NoConnectionError();
    let answer = first.link.send(command);
    for (let hop = 0; ; hop++) {
      try {
        return await answer;
      } catch (error) {
        const next = error instanceof ErrorReply ? readRedirection(error.message) : undefined;
        if (next === undefined || hop === MOST_HOPS) throw error;
        const left = end - performance.now();
        if (left <= 0) throw new OverdueError(timeout);
        if (next.isLasting) void look();
        const node = nodeAt(
          besideOf(first.address, next.host === '' ? first.address.host : next.host, next.port),
        );
        answer = sendOn(node.link, command, next.isLasting, left);
      }
    }
  }

  void look();
  return {
    send,
    findAny: () => {
      const all = [...upNodes().map(({ address }) => address), ...seeds];
      return Promise.resolve(all[Math.floor(Math.random() * all.length)] ?? seeds[0]);
    },
    isUp,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await Promise.all([...nodes.values()].map(({ link }) => link.close()));
    },
  };
}

async function sendOn(link: Link, command: Command, isLasting: boolean, left: number): Promise<RedisReply> {
  if (link.client() === undefined) await link.untilUp(left);
  // Both leave together: what is asked for stands for the very next command alone.
  if (!isLasting) link.send(['ASKING'], left).catch(noop);
  return link.send(command, left);
}
