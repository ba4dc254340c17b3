/** Brings the lines of several processes onto one output, each line whole. */
import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/** Calls a function with each line of a stream, without its end. A last line that has no end is left out. */
export function onLines(stream: Readable, take: (line: string) => void): void {
  let pieces: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      take(Buffer.concat([...pieces, chunk.subarray(start, end)]).toString('utf8'));
      pieces = [];
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  });
}
