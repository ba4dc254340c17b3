/** Keys and channels of published rules and of the fleet. Those of one kind share a hash slot of a Cluster. */

export interface FleetNames {
  /** Text of the record that is to be in force. */
  readonly current: string;
  /** List of records, the youngest one first. */
  readonly history: string;
  /** Hash of packed files by their SHA-256. */
  readonly contents: string;
  /** Channel that hears the number of each new release. */
  readonly channel: string;
  /** Sorted set of processes by the moment of their last sign of life. */
  readonly beats: string;
  /** Hash of what processes say about themselves. */
  readonly processes: string;
}

/** @param prefix begins every key */
export function fleetNames(prefix: string): FleetNames {
  return {
    current: `${prefix}:{rules}:current`,
    history: `${prefix}:{rules}:history`,
    contents: `${prefix}:{rules}:contents`,
    channel: `${prefix}:rules`,
    beats: `${prefix}:{fleet}:beats`,
    processes: `${prefix}:{fleet}:processes`,
  };
}
