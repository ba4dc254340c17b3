/** Who may call: the app's ID and the signature in the URL (1047/34354). */
import { hash, timingSafeEqual } from 'node:crypto';

/** How far `RequestTime` may be from our clock, in seconds, unless the app says otherwise. The vendor names no limit. */
export const FRESHNESS = 300;

export interface SignedTime {
  readonly sign: string | undefined;
  /** Seconds since 1970, as it stands in the URL. */
  readonly requestTime: string | undefined;
}

/**
 * Checks `Sign`: the lower-case hexadecimal SHA-256 of the token followed at once by `RequestTime`.
 * It covers nothing else, so an old one is refused: whoever has seen it could send any body with it.
 *
 * @param now milliseconds since 1970
 * @param window seconds that `RequestTime` may be from now
 * @returns what is wrong, or `undefined`; never tells the token or the right signature
 */
export function signatureFault(
  { sign, requestTime }: SignedTime,
  token: string,
  now: number,
  window = FRESHNESS,
): string | undefined {
  if (sign === undefined) return 'Sign is missing';
  if (requestTime === undefined) return 'RequestTime is missing';
  if (!/^\d{1,12}$/.test(requestTime)) return 'RequestTime is not a number of seconds';
  const expected = rightSign(token, requestTime);
  const given = /^[0-9a-f]{64}$/i.test(sign) ? Buffer.from(sign, 'hex') : Buffer.alloc(expected.length);
  if (!timingSafeEqual(given, expected)) return 'Sign is wrong';
  if (Math.abs(now - Number(requestTime) * 1000) > window * 1000) return 'RequestTime is stale';
  return undefined;
}

/** By token of the configuration, the signature that was last computed: all callbacks of one second have the same. */
const latest = new Map<string, { readonly requestTime: string; readonly sign: Buffer }>();

function rightSign(token: string, requestTime: string): Buffer {
  const known = latest.get(token);
  if (known?.requestTime === requestTime) return known.sign;
  const sign = hash('sha256', token + requestTime, 'buffer');
  latest.set(token, { requestTime, sign });
  return sign;
}
