/**
 * The same text in one piece. What a text was put together of stays in memory with it (V8: cons and sliced
 * strings), up to three times as much as the text itself; so this is for texts that are kept.
 */
export function inOnePiece(text: string): string {
  return String(JSON.parse(JSON.stringify(text)));
}
