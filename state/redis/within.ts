/** The time for an answer is over. */
export class OverdueError extends Error {
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
    this.name = 'OverdueError';
  }
}

/**
 * What a promise gives, or a rejection with {@link OverdueError} when that takes longer. After a pause of this process
 * an answer may be there unread when the time is over: it is given a turn to be read.
 *
 * @param onOverdue called just before the rejection
 */
export function within<T>(promise: Promise<T>, milliseconds: number, onOverdue?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let isSettled = false;
    const timer = setTimeout(() => {
      setImmediate(() => {
        if (isSettled) return;
        onOverdue?.();
        reject(new OverdueError(milliseconds));
      });
    }, milliseconds);
    const settle = (): void => {
      isSettled = true;
      clearTimeout(timer);
    };
    promise.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
