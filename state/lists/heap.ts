/** Items with the smallest key first: a binary heap. */

export interface Heap<T> {
  /** The smallest key; `undefined` when there is no item. */
  first(): number | undefined;
  add(item: T, key: number): void;
  /** Removes the item with the smallest key. */
  take(): T | undefined;
  clear(): void;
}

interface Node<T> {
  readonly key: number;
  readonly item: T;
}

export function createHeap<T>(): Heap<T> {
  let nodes: Node<T>[] = [];

  function rise(from: number, node: Node<T>): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = nodes[above];
      if (other === undefined || other.key <= node.key) break;
      nodes[place] = other;
      place = above;
    }
    nodes[place] = node;
  }

  function sink(node: Node<T>): void {
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if ((nodes[below + 1]?.key ?? Infinity) < (nodes[below]?.key ?? Infinity)) below += 1;
      const other = nodes[below];
      if (other === undefined || other.key >= node.key) break;
      nodes[place] = other;
      place = below;
    }
    nodes[place] = node;
  }

  return {
    first: () => nodes[0]?.key,
    add(item, key) {
      rise(nodes.length, { key, item });
    },
    take() {
      const [top] = nodes;
      const last = nodes.pop();
      if (last !== undefined && nodes.length > 0) sink(last);
      return top?.item;
    },
    clear: () => void (nodes = []),
  };
}
