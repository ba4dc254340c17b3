/** JSON as bytes in memory that threads share: handing it over copies nothing. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Puts texts one after the other. @returns the bytes, and where each text begins and the last one ends */
export function encodeTexts(texts: readonly string[]): { bytes: Uint8Array; starts: Uint32Array } {
  const parts = texts.map((text) => encoder.encode(text));
  const starts = sharedNumbers(texts.length + 1);
  for (const [index, part] of parts.entries()) starts[index + 1] = (starts[index] ?? 0) + part.length;
  const bytes = new Uint8Array(new SharedArrayBuffer(starts[texts.length] ?? 0));
  for (const [index, part] of parts.entries()) bytes.set(part, starts[index]);
  return { bytes, starts };
}

/** Numbers in memory that threads share. */
export function sharedNumbers(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}

export function encodeJson(value: unknown): Uint8Array {
  return encodeTexts([JSON.stringify(value)]).bytes;
}

/** Reads JSON of bytes, or of a part of them. */
export function decodeJson(bytes: Uint8Array, start = 0, end = bytes.length): unknown {
  return JSON.parse(decoder.decode(bytes.subarray(start, end)));
}
