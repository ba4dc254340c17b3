/** Commands that are collected, to be sent together. */
import type { StateCommand } from './state.js';

/** Each command is in it once: several targets of a callback may ask for the same. */
export interface Batch {
  /** @returns the place of each among all commands of the batch */
  add(commands: readonly StateCommand[]): readonly number[];
  /** Those added since the last time. */
  take(): Taken;
}

export interface Taken {
  /** The place of the first. */
  readonly from: number;
  readonly commands: readonly StateCommand[];
}

export function createBatch(): Batch {
  const places = new Map<string, number>();
  let waiting: StateCommand[] = [];
  return {
    add: (commands) =>
      commands.map((command) => {
        const identity = identityOf(command);
        let place = places.get(identity);
        if (place === undefined) {
          place = places.size;
          places.set(identity, place);
          waiting.push(command);
        }
        return place;
      }),
    take() {
      const commands = waiting;
      waiting = [];
      return { from: places.size - commands.length, commands };
    },
  };
}

function identityOf(command: StateCommand): string {
  switch (command.type) {
    case 'count':
      return `${command.effect} ${command.token} ${command.key}`;
    case 'distinct':
      return `${command.effect} ${command.member} ${command.key}`;
    case 'label':
      return `${command.effect} ${command.until} ${command.key}`;
    case 'claim':
      return `claim ${command.token} ${command.key}`;
  }
}
