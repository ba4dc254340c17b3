/** Secrets that a caller shows, compared in constant time. */
import { timingSafeEqual } from 'node:crypto';

/** Whether somebody has shown the secret. */
export type SecretTest = (shown: string | undefined) => boolean;

/** Bytes that are compared at least: no secret that people choose is told by its length. */
const LEAST_BYTES = 256;

/**
 * The test for one secret. As many bytes as always are compared, so that the time tells neither the content nor
 * the length. (Hashing both sides does that too, at ten times the cost.)
 */
export function secretTest(secret: string): SecretTest {
  const length = Buffer.byteLength(secret);
  const expected = Buffer.alloc(Math.max(LEAST_BYTES, length));
  expected.write(secret);
  const given = Buffer.alloc(expected.length);
  return (shown) => {
    if (shown === undefined) return false;
    given.fill(0);
    given.write(shown);
    const isSame = timingSafeEqual(given, expected);
    // Text that ends in zeros, or goes on beyond the end, looks the same.
    return isSame && Buffer.byteLength(shown) === length;
  };
}
