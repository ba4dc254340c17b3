/** Entries of live lists: what they are, and which ones can be. */

export interface ListEntry {
  /** What rules look for. */
  readonly value: string;
  /** Why it is there. */
  readonly reason?: string;
  /** Who has put it there. */
  readonly owner?: string;
  /** When it came, in milliseconds since 1970; later changes of the rest leave it as it is. */
  readonly addedAt: number;
  /** When it goes by itself, in milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** An entry as somebody wants it to be. */
export type WantedEntry = Omit<ListEntry, 'addedAt'>;

/** Characters (UTF-16 code units) that each part has at most. */
export const MOST_CHARACTERS = { value: 500, reason: 500, owner: 100 } as const;

/** Entries of one list. */
export const MOST_ENTRIES = 1_000_000;

/** Line breaks and other characters that no list file could hold and nobody sees. */
const CONTROL = /\p{Cc}/u;
/** Half of a character beyond U+FFFF: no file and no wire could carry it. */
const HALF = /\p{Surrogate}/u;

/** Why a value cannot be an entry; `undefined` when it can. Blanks around it do not belong to it. */
export function faultOfValue(value: string): string | undefined {
  if (value === '') return 'it is empty';
  if (value !== value.trim()) return 'there are blanks around it';
  return faultOfText(value, MOST_CHARACTERS.value);
}

/** Why a text cannot be a reason or owner; `undefined` when it can. */
export function faultOfText(text: string, most: number): string | undefined {
  if (CONTROL.test(text)) return 'it has a line break or another control character';
  if (text.length > most) return `it is longer than ${most} characters`;
  return HALF.test(text) ? 'it has half a character' : undefined;
}

export function isSameEntry(one: WantedEntry, other: WantedEntry): boolean {
  return (
    one.value === other.value &&
    one.reason === other.reason &&
    one.owner === other.owner &&
    one.expiresAt === other.expiresAt
  );
}

/** What a store keeps of an entry besides its value, in short; the same for entries that are the same. */
export function packDetails({ reason, owner, expiresAt }: WantedEntry): string {
  return JSON.stringify([reason ?? null, owner ?? null, expiresAt ?? null]);
}

/** Reads what {@link packDetails} wrote. @returns `undefined` when it did not */
export function unpackEntry(value: string, addedAt: number, details: string): ListEntry | undefined {
  const parts = parse(details);
  if (parts === undefined || !Number.isFinite(addedAt)) return undefined;
  const [reason, owner, expiresAt] = parts;
  return {
    value,
    ...(typeof reason === 'string' && { reason }),
    ...(typeof owner === 'string' && { owner }),
    addedAt,
    ...(typeof expiresAt === 'number' && { expiresAt }),
  };
}

function parse(json: string): readonly unknown[] | undefined {
  try {
    const parts: unknown = JSON.parse(json);
    return Array.isArray(parts) ? parts : undefined;
  } catch {
    return undefined;
  }
}
