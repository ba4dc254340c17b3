/** A bar that shows how far a long reading has come. */

/** Milliseconds between two pictures. */
const INTERVAL = 100;
/** Lines between two looks at the clock. */
const STRIDE = 256;
const WIDTH = 30;

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  readonly onLine: (lines: number) => void;
  /** Takes the bar away. */
  readonly end: () => void;
}

/**
 * @param output where the bar goes; nothing is written where that is no terminal
 * @param share how much is done, from 0 to 1; `undefined` where that is not known
 * @param now milliseconds on a clock that only goes forward
 */
export function createProgress(
  output: ProgressOutput,
  share: () => number | undefined,
  now = () => performance.now(),
): Progress {
  if (output.isTTY !== true) return { onLine: () => undefined, end: () => undefined };
  let last = -INTERVAL;
  return {
    onLine(lines) {
      if (lines % STRIDE !== 0) return;
      const moment = now();
      if (moment - last < INTERVAL) return;
      last = moment;
      output.write(`\r\u001b[K${barOf(share(), lines)}`);
    },
    end: () => void output.write('\r\u001b[K'),
  };
}

/** Such as `[#####.....]  50 %  1,000 lines`. */
export function barOf(share: number | undefined, lines: number): string {
  const count = `${lines.toLocaleString('en-US')} lines`;
  if (share === undefined) return count;
  const done = Math.round(Math.min(1, share) * WIDTH);
  const percent = `${Math.floor(Math.min(1, share) * 100)}`.padStart(3);
  return `[${'#'.repeat(done)}${'.'.repeat(WIDTH - done)}] ${percent} %  ${count}`;
}
