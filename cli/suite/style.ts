/** Colours, where they are wanted. */
import { styleText } from 'node:util';

export type Format = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Gives a text a colour; leaves it as it is where there are none. */
export type Paint = (format: Format, text: string) => string;

export const plain: Paint = (_format, text) => text;

export const coloured: Paint = (format, text) => styleText(format, text, { validateStream: false });

/** Colours for a terminal only, and not when NO_COLOR (https://no-color.org) is set. */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const isUnwanted = environment['NO_COLOR'] !== undefined && environment['NO_COLOR'] !== '';
  return stream.isTTY === true && !isUnwanted ? coloured : plain;
}
