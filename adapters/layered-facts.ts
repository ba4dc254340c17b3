/** Where the facts of an event are looked up: what was read from the body, above what is known from elsewhere. */
import type { SyncFactSource } from '../engine/event.js';
import type { FactName, FactValue } from '../engine/facts.js';

/** Places of facts in a list of values. */
export type Places = ReadonlyMap<FactName, number>;

/** Values that were read, above other facts: a class, as every callback has one and a map would cost far more. */
export class LayeredFacts implements SyncFactSource {
  constructor(
    private readonly places: Places,
    private readonly values: readonly (FactValue | undefined)[],
    private readonly below: SyncFactSource,
  ) {}

  get(name: FactName): FactValue | undefined {
    const place = this.places.get(name);
    const value = place === undefined ? undefined : this.values[place];
    return value ?? this.below.get(name);
  }
}

/** What a row says about all of its callbacks. */
export interface RowFacts {
  readonly kind: string;
  readonly stage: string;
  readonly command: string;
}

/** The facts of an event that do not come from fields of its body. */
export class OuterFacts implements SyncFactSource {
  constructor(
    private readonly row: RowFacts,
    private readonly targetIds: readonly string[],
    private readonly envelope: SyncFactSource,
    private readonly content: SyncFactSource | undefined,
  ) {}

  get(name: FactName): FactValue | undefined {
    switch (name) {
      case 'event.kind':
        return this.row.kind;
      case 'event.stage':
        return this.row.stage;
      case 'command':
        return this.row.command;
      case 'target.ids':
        return this.targetIds.length === 0 ? undefined : this.targetIds;
      default:
        return this.envelope.get(name) ?? this.content?.get(name);
    }
  }
}
