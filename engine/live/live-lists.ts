/**
 * Live lists: lists whose entries come and go while rules that look into them are in force.
 *
 * Nothing of their entries is baked into a rule set; tests and masks ask a {@link LiveContents}, which answers
 * for the moment. Somebody else keeps it up to date.
 */
import type { TextSet } from '../text-set.js';
import type { WordMatcher } from '../words.js';
import { createAffixes } from './affixes.js';
import { createLiveNetworks } from './live-networks.js';
import { createLiveWords } from './live-words.js';

/** In which ways entries are looked for, besides being equal; each takes memory, so it is prepared on demand. */
export type LiveUse = 'words' | 'networks';

/** The entries of a live list at the moment, as rules ask for them. */
export interface LiveContents extends TextSet {
  readonly size: number;
  /** Whether the text begins, or ends, with an entry. */
  beginsText(text: string): boolean;
  endsText(text: string): boolean;
  /** Whether the address is one of the entries or in one that is a network; other entries do not count. */
  holdsAddress(address: string): boolean;
  readonly words: WordMatcher;
  add(entry: string): void;
  remove(entry: string): void;
  /** Makes ready for a use, in steps of a few milliseconds; without it, whoever asks first waits for all of it. */
  prepare(use: LiveUse): Generator<undefined, void>;
  /** Whether much has changed, so that {@link tidy} would make texts quicker to search. */
  isUntidy(): boolean;
  /** Takes changes together, in steps of a few milliseconds. Answers are right before, meanwhile and afterwards. */
  tidy(): Generator<undefined, void>;
}

/** All live lists of a process. */
export interface LiveLists {
  /** The contents of a list, the same object each time; without entries until somebody adds one. */
  contents(name: string): LiveContents;
}

export function createLiveLists(): LiveLists {
  const lists = new Map<string, LiveContents>();
  return {
    contents(name) {
      let contents = lists.get(name);
      if (contents === undefined) {
        contents = createLiveContents();
        lists.set(name, contents);
      }
      return contents;
    },
  };
}

/** What is derived from entries for a use. */
interface Part {
  add(entry: string): void;
  remove(entry: string): void;
}

/** Entries that are made ready in one step. */
const STEP = 1000;
const BIT: Readonly<Record<LiveUse, number>> = { words: 1, networks: 2 };

export function createLiveContents(): LiveContents {
  /** By entry, the parts that have it. */
  const entries = new Map<string, number>();
  const affixes = createAffixes((text) => entries.has(text));
  const words = createLiveWords();
  const networks = createLiveNetworks();
  const parts: Readonly<Record<LiveUse, Part>> = { words, networks };
  const used = new Set<LiveUse>();
  const ready = new Set<LiveUse>();

  function* prepare(use: LiveUse): Generator<undefined, void> {
    if (ready.has(use)) return;
    used.add(use);
    let done = 0;
    // Entries that are added meanwhile come last, or are in the part already.
    for (const [entry, inParts] of entries) {
      if ((inParts & BIT[use]) === 0) {
        parts[use].add(entry);
        entries.set(entry, inParts | BIT[use]);
      }
      done += 1;
      if (done % STEP === 0) yield;
    }
    ready.add(use);
    if (use === 'words') yield* words.tidy();
  }

  /** For whoever cannot wait. */
  function ensure(use: LiveUse): void {
    if (ready.has(use)) return;
    const steps = prepare(use);
    while (!ready.has(use)) steps.next();
  }

  return {
    get size() {
      return entries.size;
    },
    has: (text) => entries.has(text),
    beginsText: affixes.beginsText,
    endsText: affixes.endsText,
    holdsAddress(address) {
      ensure('networks');
      return networks.holds(address);
    },
    words: {
      occursIn(text) {
        ensure('words');
        return words.occursIn(text);
      },
      mask(text, replacement) {
        ensure('words');
        return words.mask(text, replacement);
      },
    },
    add(entry) {
      if (entries.has(entry)) return;
      let inParts = 0;
      for (const use of used) {
        parts[use].add(entry);
        inParts |= BIT[use];
      }
      entries.set(entry, inParts);
      affixes.add(entry);
    },
    remove(entry) {
      const inParts = entries.get(entry);
      if (inParts === undefined) return;
      for (const use of used) if ((inParts & BIT[use]) !== 0) parts[use].remove(entry);
      entries.delete(entry);
      affixes.remove(entry);
    },
    prepare,
    isUntidy: () => words.isUntidy(),
    tidy: () => words.tidy(),
  };
}
