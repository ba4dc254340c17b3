/** Finds out which app a path belongs to, where it is spelled as it was configured. */
import type { Gate } from './callback-app.js';

/** An app, and what of the path follows its own; slashes may be at either end. */
export interface Place {
  readonly gate: Gate;
  readonly rest: string;
}

/** @returns `undefined` for any other path, that of an app spelled in another way included */
export type PathTable = (path: string) => Place | undefined;

/** Such as `/openim` or `/chat/v2`: nothing that could be left out or doubled. */
const PLAIN_PATH = /^(?:\/[^/]+)+$/;

/**
 * Looks paths up by what stands before their second slash. Apps whose paths begin like each other's are left out:
 * which of them is meant depends on how slashes and letters are read.
 */
export function createPathTable(gates: readonly Gate[]): PathTable {
  const alone = gates.filter(
    (gate) =>
      PLAIN_PATH.test(gate.app.path) && !gates.some((other) => other !== gate && overlap(gate, other)),
  );
  const byBeginning = new Map<string, Gate[]>();
  for (const gate of alone) {
    const beginning = beginningOf(gate.app.path);
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), gate]);
  }
  return (path) => {
    for (const gate of byBeginning.get(beginningOf(path)) ?? []) {
      const own = gate.app.path;
      if (path.startsWith(own) && (path.length === own.length || path[own.length] === '/'))
        return { gate, rest: path.slice(own.length) };
    }
    return undefined;
  };
}

function beginningOf(path: string): string {
  const end = path.indexOf('/', 1);
  return end === -1 ? path : path.slice(0, end);
}

/** Whether one path is the other, or lies below it. */
function overlap({ app: one }: Gate, { app: other }: Gate): boolean {
  const [shorter = '', longer = ''] = [one.path, other.path]
    .map((path) => `${path.toLowerCase()}/`.replace(/\/+/g, '/'))
    .sort((a, b) => a.length - b.length);
  return longer.startsWith(shorter);
}
