/** Data in memory that threads share: handing it over copies nothing. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Bytes of UTF-8 that a UTF-16 code unit takes at most. */
const MOST_BYTES = 3;
/** Where texts are encoded before it is known how long they are; used again, as it is needed often. */
let draft = new Uint8Array(0);

/** Puts texts one after the other. @returns the bytes, and where each text begins and the last one ends */
export function encodeTexts(texts: readonly string[]): { bytes: Uint8Array; starts: Uint32Array } {
  const starts = new Uint32Array(texts.length + 1);
  const room = texts.reduce((sum, text) => sum + text.length * MOST_BYTES, 0);
  if (draft.length < room) draft = new Uint8Array(room);
  let end = 0;
  for (const [index, text] of texts.entries()) {
    end += encoder.encodeInto(text, draft.subarray(end)).written;
    starts[index + 1] = end;
  }
  const bytes = new Uint8Array(new SharedArrayBuffer(end));
  bytes.set(draft.subarray(0, end));
  return { bytes, starts };
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array;

interface NumbersType<T extends Numbers> {
  readonly BYTES_PER_ELEMENT: number;
  new (memory: SharedArrayBuffer): T;
}

/** Numbers in memory that threads share. @param values to begin with; zero where there are none */
export function shareNumbers<T extends Numbers>(type: NumbersType<T>, values: ArrayLike<number>): T {
  const numbers = new type(new SharedArrayBuffer(values.length * type.BYTES_PER_ELEMENT));
  numbers.set(values);
  return numbers;
}

export function encodeJson(value: unknown): Uint8Array {
  return encodeTexts([JSON.stringify(value)]).bytes;
}

/** Reads JSON of bytes, or of a part of them. */
export function decodeJson(bytes: Uint8Array, start = 0, end = bytes.length): unknown {
  return JSON.parse(decoder.decode(bytes.subarray(start, end)));
}
