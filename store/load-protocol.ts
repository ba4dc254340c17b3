/** What the threads that load rules say to each other. */
import type { MessagePort } from 'node:worker_threads';
import type { RuleSetImage } from '../engine/image/image.js';
import type { RuleContext } from '../engine/rule-set.js';
import type { FolderState, RuleSource } from './load-rules.js';

/** What a thread is given when it starts. */
export interface ThreadStart {
  readonly context: RuleContext;
  /** Holds what another thread knew in the end, as a message that nobody has read. */
  readonly knowledge: MessagePort | null;
}

export interface LoadOrder {
  readonly source: RuleSource;
  readonly keepAt: string | null;
}

export type ThreadMessage =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | ThreadLoaded
  /** All work is done, keeping included. */
  | { readonly type: 'idle'; readonly error: string | null };

export interface ThreadLoaded {
  readonly type: 'loaded';
  readonly image: RuleSetImage | null;
  /** Lists of located problems as JSON, each short enough to be read in one go. */
  readonly problems: readonly string[];
  readonly folder: FolderState | null;
  readonly savedAt: number | null;
  readonly knowledge: MessagePort;
}
