/** Secrets that a caller shows, compared in constant time. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether somebody has shown the secret. */
export type SecretTest = (shown: string | undefined) => boolean;

/** The test for one secret. Both sides are hashed, so that the time tells neither the content nor the length. */
export function secretTest(secret: string): SecretTest {
  const expected = digest(secret);
  return (shown) => shown !== undefined && timingSafeEqual(digest(shown), expected);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
