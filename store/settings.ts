/** Settings that are written as text: addresses and sizes. */
import { isIPv6 } from 'node:net';

/** Where a server listens. */
export interface ListenAddress {
  /** Host name or IP address, an IPv6 one without brackets. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

const PORT = '[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]';

/** `HOST:PORT` and `[IPv6]:PORT`. */
export const LISTEN_PATTERN = `^(?:\\[([0-9A-Fa-f:.]+)\\]|([A-Za-z0-9._-]+)):(${PORT})$`;

/** What {@link LISTEN_PATTERN} wants, in words. */
export const LISTEN_WORDS = 'HOST:PORT such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080';

/** A number of bytes, or of kilobytes or megabytes (powers of 1024). */
export const SIZE_PATTERN = '^([0-9]{1,9})(b|kb|mb|B|KB|MB)?$';

/** Reads `HOST:PORT`; `undefined` for anything else. */
export function parseListen(text: string): ListenAddress | undefined {
  const match = new RegExp(LISTEN_PATTERN).exec(text);
  const port = Number(match?.[3]);
  if (match?.[1] !== undefined) return isIPv6(match[1]) ? { host: match[1], port } : undefined;
  return match?.[2] === undefined ? undefined : { host: match[2], port };
}

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 * 1024 };

/** Reads a size such as `512kb`; `undefined` for anything else. @returns bytes */
export function parseSize(size: string | number): number | undefined {
  const match = new RegExp(SIZE_PATTERN).exec(String(size));
  const unit = UNITS[(match?.[2] ?? 'b').toLowerCase()];
  return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
}
