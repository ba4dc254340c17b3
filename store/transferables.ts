/** What of a message can be given away to another thread, so that nothing is copied. */

/** The memory of all typed arrays in plain data, except what threads share. */
export function transferablesOf(value: unknown): readonly ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (some: unknown): void => {
    if (typeof some !== 'object' || some === null) return;
    if (ArrayBuffer.isView(some)) {
      if (some.buffer instanceof ArrayBuffer) buffers.add(some.buffer);
      return;
    }
    for (const member of Object.values(some)) visit(member);
  };
  visit(value);
  return [...buffers];
}
