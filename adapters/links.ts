/** Web addresses in text. */
import { LinkifyIt } from 'linkify-it';

const links = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false, fuzzyIP: true });

/**
 * What every address has: a scheme with slashes, `mailto:`, or a dot inside a host name. The search costs as
 * much as all else that is done for a callback, and most messages have nothing of this.
 */
const TRACE = /\/\/|\.\S|mailto:/i;

/**
 * Characters that are searched at once. The search takes the square of their number for hostile text such as
 * `http://http://...`: a second for 65,536, some milliseconds for all windows of them together.
 */
const WINDOW = 2048;
/** Characters that two windows share, more than the host name of any address needs. */
const OVERLAP = 512;

/**
 * Web addresses in a text, completed to full URLs, each once, in order. In a text longer than a window, an
 * address of more than {@link OVERLAP} characters may come without its end.
 */
export function linksIn(text: string): readonly string[] {
  if (!TRACE.test(text)) return [];
  if (text.length <= WINDOW) return [...new Set((links.match(text) ?? []).map(({ url }) => url))];
  const found = new Set<string>();
  let end = 0;
  for (let start = 0; ; start += WINDOW - OVERLAP) {
    const isLast = start + WINDOW >= text.length;
    for (const { index, lastIndex, url } of links.match(text.slice(start, start + WINDOW)) ?? []) {
      // The rest of one that the window before had, or one that the next window has, and has whole.
      const isRest = start + index < end;
      const isNext = !isLast && index >= WINDOW - OVERLAP;
      if (isRest || isNext) continue;
      found.add(url);
      end = start + lastIndex;
    }
    if (isLast) return [...found];
  }
}
