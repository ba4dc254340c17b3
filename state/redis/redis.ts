/** A connection to Redis or Valkey: one server, one behind Sentinels, or a Cluster. */

/** Where Redis is and how to enter. */
export interface RedisSettings {
  readonly mode: 'single' | 'sentinel' | 'cluster';
  /**
   * `redis://` or `rediss://` (TLS) URLs, at least one; of a Cluster some of its nodes, of Sentinel the
   * sentinels.
   */
  readonly urls: readonly string[];
  /** With Sentinel: the name of the master. */
  readonly name?: string;
  /** Begins every key and channel; `callgate` by default. */
  readonly prefix: string;
  /** Milliseconds that a command may take. */
  readonly timeout: number;
}

/** How the connection is. */
export interface RedisStatus {
  readonly connected: boolean;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** What went wrong last; without passwords. */
  readonly lastError?: string;
}

export type RedisReply = string | number | null | readonly RedisReply[];

export interface Redis {
  readonly settings: RedisSettings;
  /**
   * Sends one command. Rejects at once when there is no connection, and when the time is over.
   *
   * @param key the command's first key, by which a Cluster finds the node; `null` for a command without keys
   */
  send(key: string | null, command: readonly (string | Buffer)[]): Promise<RedisReply>;
  /**
   * Hears what is published on a channel, on a connection of its own. It is subscribed to again after a cut;
   * what was published meanwhile is lost, so that listeners have to look for themselves once `onBack` is called.
   */
  subscribe(channel: string, onMessage: (message: string) => void, onBack: () => void): Promise<void>;
  /** Called each time the connection is there, and each time it is lost. @returns how to stop */
  onChange(listener: (status: RedisStatus) => void): () => void;
  status(): RedisStatus;
  /** Waits for what was sent, for a second at most. */
  close(): Promise<void>;
}
