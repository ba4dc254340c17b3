/** A set of texts as plain data: small, quick to hand to another thread, ready at once when it arrives. */
import { hashOf } from './value-hash.js';

export interface TextSetImage {
  /** All texts, one after the other. */
  readonly text: string;
  /** Where each text begins, and at last where the last one ends. */
  readonly starts: Int32Array;
  /** Hash table of the texts' numbers, from 1; 0 is a free slot. Its size is a power of two. */
  readonly slots: Int32Array;
}

/** What lists are asked. */
export interface TextSet {
  has(text: string): boolean;
}

export function packTextSet(texts: readonly string[]): TextSetImage {
  const starts = new Int32Array(texts.length + 1);
  for (const [index, text] of texts.entries()) starts[index + 1] = (starts[index] ?? 0) + text.length;
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(8, texts.length * 1.6))));
  const image = { text: texts.join(''), starts, slots };
  for (const [index, text] of texts.entries()) slots[slotOf(image, text)] ||= index + 1;
  return image;
}

export function openTextSet(image: TextSetImage): TextSet {
  return { has: (text) => image.slots[slotOf(image, text)] !== 0 };
}

/** The texts, in their order. */
export function textsOfSet({ text, starts }: TextSetImage): readonly string[] {
  return Array.from({ length: starts.length - 1 }, (_, index) =>
    text.slice(starts[index], starts[index + 1]),
  );
}

/** The slot of a text, or the free one where it would be. */
function slotOf({ text: all, starts, slots }: TextSetImage, text: string): number {
  let slot = hashOf(text) & (slots.length - 1);
  for (;;) {
    const number = slots[slot] ?? 0;
    if (number === 0) return slot;
    const start = starts[number - 1] ?? 0;
    if ((starts[number] ?? 0) - start === text.length && all.startsWith(text, start)) return slot;
    slot = (slot + 1) & (slots.length - 1);
  }
}
