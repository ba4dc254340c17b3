/** Tells whether messages say the same. */
import { createHash } from 'node:crypto';
import { fold } from '../engine/text.js';

/** What senders vary without saying anything else: spaces, punctuation, signs, pictographs. */
const NOT_SAID = /[^\p{L}\p{N}]+/gu;

/**
 * A hash of what is said, 22 characters long.
 *
 * @param others what stands for a message without letters or digits: addresses of media, data of the app
 * @returns `undefined` when there is nothing at all
 */
export function fingerprintOf(texts: readonly string[], others: readonly string[]): string | undefined {
  const text = texts.join('\n');
  const said = fold(text).replace(NOT_SAID, '');
  const parts = said !== '' ? [said] : [text.replace(/\s+/gu, ''), ...others];
  if (parts.join('') === '') return undefined;
  return createHash('sha1').update(parts.join('\0')).digest('base64url').slice(0, 22);
}
