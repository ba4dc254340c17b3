import type { AppSettings } from '../adapter.js';

/**
 * How refusals and verdict codes are written.
 *
 * - `server`: what the servers people run read (numeric codes)
 * - `documented`: what the public documentation prints (`nextCode` as text, `actionCode` 1 to refuse),
 *   unreadable for v3.4.2 and later
 */
export type Dialect = 'server' | 'documented';

/** An OpenIM installation that calls us. */
export interface OpenimApp extends AppSettings {
  readonly platform: 'openim';
  readonly dialect: Dialect;
  /** What callers must have in their URL; without one, nobody is asked. */
  readonly secret?: string;
}
