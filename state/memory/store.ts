/** State in the memory of this process: exact, quick, and no larger than it may be. */
import type { StateAnswer, StateCommand, StateStore } from '../../engine/state.js';
import { carryOut } from './carry-out.js';
import { createTable, type Table } from './table.js';

export interface MemoryStateOptions {
  /** Keys that are held; beyond them, those not used for longest are dropped. */
  readonly maxKeys?: number;
  /** Told of each key that is dropped because there are too many. */
  readonly onDropped?: () => void;
}

export interface MemoryStateStore extends StateStore {
  /** Answers at once. */
  run(commands: readonly StateCommand[]): StateAnswer;
  counts(): MemoryStateCounts;
  living: Table['living'];
  /** Takes over what another store has held. */
  restore: Table['put'];
  /** Gives back what was restored, so that more can be added. */
  release: Table['release'];
}

export interface MemoryStateCounts {
  readonly keys: number;
  /** Keys that were dropped because there were too many. */
  readonly dropped: number;
  /** Commands that may have changed something. */
  readonly changes: number;
}

export const MOST_KEYS = 1_000_000;

/** Cells that are looked at for each command: a command adds one at most, so what is over goes sooner than keys come. */
const TIDY_STEPS = 2;
/** Milliseconds that what is over stays, since moments come from several clocks. */
const TIDY_DELAY = 10_000;

export function createMemoryStateStore(options: MemoryStateOptions = {}): MemoryStateStore {
  const { maxKeys = MOST_KEYS, onDropped = () => undefined } = options;
  const table = createTable({ maxKeys, onDropped });
  let changes = 0;
  return {
    run(commands) {
      const results = commands.map((command) => {
        if (isChange(command)) changes += 1;
        return carryOut(table, command);
      });
      const [first] = commands;
      if (first !== undefined) table.tidy(first.at - TIDY_DELAY, commands.length * TIDY_STEPS);
      return { results, isLocal: false };
    },
    counts: () => ({ keys: table.keys(), dropped: table.dropped(), changes }),
    living: table.living,
    restore: table.put,
    release: table.release,
  };
}

function isChange(command: StateCommand): boolean {
  switch (command.type) {
    case 'count':
    case 'distinct':
      return command.effect === 'add';
    case 'label':
      return command.effect !== 'read';
    case 'claim':
      return true;
  }
}
