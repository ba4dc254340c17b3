/** A rule set as plain data: one thread makes it, another puts it in force. */
import type { RuleMode } from '../decision.js';
import type { EventSet, RuleIndexImage } from '../index/rule-index.js';
import type { ListImage } from '../list.js';
import type { SubjectNames } from '../memory.js';
import type { PackedDocument } from './document.js';

export interface RuleSetImage {
  readonly revision: string;
  readonly platforms: readonly string[];
  readonly documents: readonly PackedDocument[];
  readonly lists: readonly ListImage[];
  readonly conditions: readonly ConditionImage[];
  /** What each file declares to be remembered. */
  readonly memory: readonly MemoryImage[];
  /** Ladders and labels that rules name. */
  readonly subjectNames: SubjectNames;
  readonly eventSets: readonly EventSet[];
  /** All rules in judging order, in slices that are small enough to be read in one go. */
  readonly slices: readonly RuleSlice[];
  readonly index: RuleIndexImage;
}

export interface ConditionImage {
  readonly name: string;
  readonly file: string;
  readonly json: string;
}

export interface MemoryImage {
  readonly file: string;
  /** JSON of the mappings `counters`, `ladders` and `labels` of the file. */
  readonly json: string;
}

/** Some rules, as columns. */
export interface RuleSlice {
  /** Joined with LF, which no ID holds. */
  readonly ids: string;
  /** Numbers of documents, places in them, numbers in {@link MODES} and of event sets. */
  readonly documents: Uint32Array;
  readonly positions: Uint32Array;
  readonly modes: Uint8Array;
  readonly eventSets: Uint32Array;
}

export const MODES: readonly RuleMode[] = ['enforce', 'shadow', 'off'];
