/** Hears what is published, on a connection of its own. */
import type { Address } from './address.js';
import { MOST_TO_OPEN, type Client } from './client.js';
import { createLink, type Link } from './link.js';

export interface Subscriber {
  /** Resolves when it is subscribed, or when an attempt has failed: then `onBack` tells when it is. */
  subscribe(channel: string, onMessage: (message: string) => void, onBack: () => void): Promise<void>;
  close(): Promise<void>;
}

interface Subscription {
  readonly channel: string;
  readonly onMessage: (message: string) => void;
  readonly onBack: () => void;
  /** The connection that it is on. */
  on?: Client;
  /** Whether somebody has gone on without it, so that its coming back is told. */
  wasMissed: boolean;
}

async function enter(client: Client, subscription: Subscription): Promise<void> {
  if (subscription.on === client) return;
  await client.subscribe(subscription.channel, subscription.onMessage);
  subscription.on = client;
  if (subscription.wasMissed) subscription.onBack();
  subscription.wasMissed = false;
}

export function createSubscriber(find: () => Promise<Address>, timeout: number): Subscriber {
  const all: Subscription[] = [];
  let link: Link | undefined;
  let onFailure = (): void => undefined;
  /** Resolves when the next attempt has failed. */
  let failure = nextFailure();

  function nextFailure(): Promise<void> {
    return new Promise((resolve) => {
      onFailure = resolve;
    });
  }

  async function enterAll(client: Client): Promise<void> {
    for (const subscription of all) await enter(client, subscription);
  }

  function open(): Link {
    return createLink({
      find,
      greet: enterAll,
      timeout,
      onDown: () => {
        for (const subscription of all) if (subscription.on !== undefined) subscription.wasMissed = true;
        onFailure();
        failure = nextFailure();
      },
    });
  }

  return {
    async subscribe(channel, onMessage, onBack) {
      const subscription: Subscription = { channel, onMessage, onBack, wasMissed: false };
      all.push(subscription);
      link ??= open();
      try {
        await Promise.race([link.untilUp(MOST_TO_OPEN), failure]);
        const client = link.client();
        // It may have come up just before this one was known.
        if (client !== undefined) await enter(client, subscription);
      } catch {
        // The link tries on, and `onBack` tells when it has come through.
      }
      subscription.wasMissed = subscription.on === undefined;
    },
    close: async () => link?.close(),
  };
}
