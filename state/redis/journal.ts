/** What Redis has not heard of yet: commands that change state, in order. */
import { WINDOW_PARTS, type StateCommand } from '../../engine/state.js';

export interface Journal {
  /** Keeps those that change something. Of too many the oldest are dropped. */
  add(commands: readonly StateCommand[]): void;
  /** Takes out the oldest ones, `most` at most. */
  take(most: number): readonly StateCommand[];
  /** Puts back what was taken and could not be sent; it is older than everything else. */
  putBack(commands: readonly StateCommand[]): void;
  size(): number;
  /** How many were dropped so far. */
  dropped(): number;
}

/** Whether a command leaves anything behind. */
export function isChange(command: StateCommand): boolean {
  return command.type === 'claim' || (command.effect !== 'read' && command.effect !== 'assume');
}

/** Whether what a command leaves behind is of no use any more at a moment. */
export function isOver(command: StateCommand, now: number): boolean {
  switch (command.type) {
    case 'count':
      return command.at + command.window * (1 + 1 / WINDOW_PARTS) <= now;
    case 'distinct':
      return command.at + command.window <= now;
    case 'label':
      return command.effect === 'set' && command.until <= now;
    case 'claim':
      return command.until <= now;
  }
}

export function createJournal(capacity: number): Journal {
  let kept: StateCommand[] = [];
  /** What was taken from `kept` already. */
  let start = 0;
  let dropped = 0;

  function replace(commands: StateCommand[]): void {
    const excess = Math.max(0, commands.length - capacity);
    dropped += excess;
    kept = commands;
    start = excess;
  }

  return {
    add(commands) {
      for (const command of commands) if (isChange(command)) kept.push(command);
      const excess = Math.max(0, kept.length - start - capacity);
      dropped += excess;
      start += excess;
      // Rarely enough that moving the rest costs little for each command.
      if (start > capacity) replace(kept.slice(start));
    },
    take(most) {
      const taken = kept.slice(start, start + most);
      start += taken.length;
      if (start === kept.length) replace([]);
      return taken;
    },
    putBack(commands) {
      replace([...commands, ...kept.slice(start)]);
    },
    size: () => kept.length - start,
    dropped: () => dropped,
  };
}
