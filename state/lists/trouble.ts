/** What is wrong with something that comes and goes; told once when it begins, and once when it is over. */

export interface Trouble {
  note(found: string | null): void;
  /** What is wrong; `null` when nothing is. */
  now(): string | null;
  /** Waits until nothing is wrong, at most so many milliseconds. Until then nothing is told. */
  overWithin(limit: number): Promise<void>;
}

/** In trouble at first. @param tell gets what is wrong; `null` when it is over */
export function createTrouble(tell: (message: string | null) => void): Trouble {
  let trouble: string | null = 'it has not been asked yet';
  let isTold = false;
  let isQuiet = true;
  let onOver = (): void => undefined;

  function tellTurn(): void {
    if (isQuiet || isTold === (trouble !== null)) return;
    isTold = trouble !== null;
    tell(trouble);
  }

  return {
    note(found) {
      trouble = found;
      if (found === null) onOver();
      tellTurn();
    },
    now: () => trouble,
    async overWithin(limit) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        onOver = resolve;
        timer = setTimeout(resolve, limit);
        if (trouble === null) resolve();
      });
      clearTimeout(timer);
      isQuiet = false;
      tellTurn();
    },
  };
}
