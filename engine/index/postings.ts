/**
 * Postings: the ranks of the rules that share an anchor. A rank is a rule's place in the order of judging.
 *
 * Within a posting the ranks stand in sections, one for each set of events that its rules are on: a
 * look-up passes over the sections that do not concern its event.
 */

/** Postings by number, as plain data. */
export interface PostingsImage {
  /** Where each posting begins in `sections`, and at last where the last one ends. */
  readonly starts: Int32Array;
  /** Sections, one after the other: number of the event set, number of ranks, ranks ascending. */
  readonly sections: Int32Array;
}

/** Ranks that are added together: that of one rule, or those of all rules that ask for the same list. */
export type Source = number | readonly number[];

/** A posting that is being put together: what was added last, and what before. */
interface Link {
  readonly source: Source;
  readonly before: Link | undefined;
  after: Map<Source, Link> | undefined;
  number: number;
}

export interface PostingsBuilder<K> {
  /** Adds a source to the posting of a key. Keys that get the same sources in the same order share a posting. */
  add(key: K, source: Source): void;
  /** Numbers of the postings by key. */
  numbers(): ReadonlyMap<K, number>;
}

export interface PostingsPacker {
  /** A builder for keys of one sort; all of them share the postings. */
  builder<K>(): PostingsBuilder<K>;
  pack(): PostingsImage;
}

/** @param eventSets number of the event set by rank */
export function createPostingsPacker(eventSets: ArrayLike<number>): PostingsPacker {
  const roots = new Map<Source, Link>();
  const numbered: Link[] = [];

  function follow(before: Link | undefined, source: Source): Link {
    const links = before === undefined ? roots : (before.after ??= new Map<Source, Link>());
    let link = links.get(source);
    if (link === undefined) {
      link = { source, before, after: undefined, number: -1 };
      links.set(source, link);
    }
    return link;
  }

  function numberOf(link: Link): number {
    if (link.number === -1) link.number = numbered.push(link) - 1;
    return link.number;
  }

  return {
    builder<K>(): PostingsBuilder<K> {
      const links = new Map<K, Link>();
      return {
        add: (key, source) => void links.set(key, follow(links.get(key), source)),
        numbers: () => new Map([...links].map(([key, link]) => [key, numberOf(link)])),
      };
    },
    pack() {
      const starts = [0];
      const sections: number[] = [];
      for (const link of numbered) {
        pushSections(sections, ranksOf(link), eventSets);
        starts.push(sections.length);
      }
      return { starts: Int32Array.from(starts), sections: Int32Array.from(sections) };
    },
  };
}

function ranksOf(last: Link): readonly number[] {
  const ranks = new Set<number>();
  for (let link: Link | undefined = last; link !== undefined; link = link.before) {
    if (typeof link.source === 'number') ranks.add(link.source);
    else for (const rank of link.source) ranks.add(rank);
  }
  return [...ranks].sort((left, right) => left - right);
}

function pushSections(sections: number[], ranks: readonly number[], eventSets: ArrayLike<number>): void {
  const bySet = new Map<number, number[]>();
  for (const rank of ranks) {
    const set = eventSets[rank] ?? 0;
    const section = bySet.get(set);
    if (section === undefined) bySet.set(set, [rank]);
    else section.push(rank);
  }
  for (const [set, section] of bySet) {
    sections.push(set, section.length);
    for (const rank of section) sections.push(rank);
  }
}

/** Puts the ranks of a posting that concern an event into `ranks`. @param isOn by event set */
export function takePosting(
  { starts, sections }: PostingsImage,
  posting: number,
  isOn: Uint8Array,
  ranks: number[],
): void {
  takeSections(sections, starts[posting] ?? 0, starts[posting + 1] ?? 0, isOn, ranks);
}

/** Puts the ranks of all postings that concern an event into `ranks`. */
export function takeAllPostings({ sections }: PostingsImage, isOn: Uint8Array, ranks: number[]): void {
  takeSections(sections, 0, sections.length, isOn, ranks);
}

function takeSections(
  sections: Int32Array,
  start: number,
  end: number,
  isOn: Uint8Array,
  ranks: number[],
): void {
  let at = start;
  while (at < end) {
    const set = sections[at] ?? 0;
    const first = at + 2;
    const next = first + (sections[at + 1] ?? 0);
    if (isOn[set] === 1) for (let each = first; each < next; each += 1) ranks.push(sections[each] ?? 0);
    at = next;
  }
}
