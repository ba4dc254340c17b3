/** What a measured program tells about itself when it is asked. */

/** The question, unlike anything that a program itself sends between its processes. */
export const USAGE_QUESTION = 'bench:usage';

export interface Usage {
  /** Microseconds of processor time since the program began. */
  readonly processor: number;
  /** Bytes that the program holds in memory. */
  readonly resident: number;
  /** Bytes of its JavaScript objects in use. */
  readonly heap: number;
}

/** Makes this program answer. Garbage is collected first where Node lets it (`--expose-gc`). */
export function answerUsage(): void {
  process.on('message', (question) => {
    if (question !== USAGE_QUESTION) return;
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    process.send?.({ processor: user + system, resident: rss, heap: heapUsed } satisfies Usage);
  });
}
