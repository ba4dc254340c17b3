/** Log lines about failures: the first of its class at once, then at most one per interval with their number. */
import type { Logger } from 'pino';

export interface FailureClass {
  /** What went wrong; one of few words. */
  readonly cause: string;
  /** Where: a command, or a command and a rule. */
  readonly place?: string | undefined;
}

export interface FailureLog {
  warn(of: FailureClass, fields: Readonly<Record<string, unknown>>, message: string): void;
  error(of: FailureClass, fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Lines left out so far, whether or not a later line has told their number. */
  suppressed(): number;
  /** Tells what has not been told yet. */
  close(): void;
}

/** Calls a function later, unless what it returns is called before. */
export type Schedule = (work: () => void, milliseconds: number) => () => void;

export interface FailureLogOptions {
  readonly logger: Logger;
  /** Milliseconds between two lines of a class; 0 writes every line. */
  readonly interval: number;
  readonly schedule?: Schedule;
}

/** Classes that are told apart within an interval: whoever can reach the port makes up commands. */
const MOST_CLASSES = 1000;

const laterUnlessExit: Schedule = (work, milliseconds) => {
  const timer = setTimeout(work, milliseconds).unref();
  return () => clearTimeout(timer);
};

interface Repeated {
  /** Lines left out since the last one. */
  count: number;
  readonly tell: (count: number) => void;
  cancel: () => void;
}

/**
 * When an interval ends in which lines were left out, the first of them is told again with `repeats`, their number;
 * so nothing goes by unseen, and nothing is kept about what has stopped.
 */
export function createFailureLog(options: FailureLogOptions): FailureLog {
  const { logger, interval, schedule = laterUnlessExit } = options;
  const classes = new Map<string, Repeated>();
  let suppressed = 0;

  function begin(name: string, tell: (count: number) => void): void {
    const repeated: Repeated = { count: 0, tell, cancel: () => undefined };
    const next = (): void => {
      repeated.cancel = schedule(() => {
        if (repeated.count === 0) {
          classes.delete(name);
          return;
        }
        tell(repeated.count);
        repeated.count = 0;
        next();
      }, interval);
    };
    classes.set(name, repeated);
    next();
  }

  function write(
    level: 'warn' | 'error',
    { cause, place = '' }: FailureClass,
    fields: Readonly<Record<string, unknown>>,
    message: string,
  ): void {
    if (interval === 0) {
      logger[level](fields, message);
      return;
    }
    const exact = `${cause} ${place}`;
    const name = classes.has(exact) || classes.size < MOST_CLASSES ? exact : cause;
    const repeated = classes.get(name);
    if (repeated !== undefined) {
      repeated.count += 1;
      suppressed += 1;
      return;
    }
    logger[level](fields, message);
    begin(name, (repeats) => logger[level]({ ...fields, repeats }, message));
  }

  return {
    warn: (of, fields, message) => write('warn', of, fields, message),
    error: (of, fields, message) => write('error', of, fields, message),
    suppressed: () => suppressed,
    close() {
      for (const { count, tell, cancel } of classes.values()) {
        cancel();
        if (count > 0) tell(count);
      }
      classes.clear();
    },
  };
}
