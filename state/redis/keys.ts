/** Names of what is kept in Redis. */
import { hash } from 'node:crypto';
import type { StateCommand } from '../../engine/state.js';

/**
 * Characters of a hash (base64url, 6 bits each) that say which slot of a Cluster a key is in. 24 bits spread the
 * owners evenly over the 16,384 slots.
 */
const TAG_LENGTH = 4;
/** 96 bits: among a billion keys the chance that any two are the same is one in 10^11. */
const NAME_LENGTH = 16;
/** 72 bits: among the 10,000 members of one key the chance that any two are the same is one in 10^14. */
const MEMBER_LENGTH = 12;

/** One letter a type: what was a count and becomes a label in another rule set has another name. */
const LETTERS: Readonly<Record<StateCommand['type'], string>> = {
  count: 'c',
  distinct: 'd',
  label: 'l',
  claim: 'h',
};

/** As UTF-16, since in UTF-8 texts with half a pair of surrogates are all the same. */
function shortened(text: string, length: number): string {
  return hash('sha256', Buffer.from(text, 'utf16le'), 'base64url').slice(0, length);
}

/**
 * `callgate:{Ab3d}cV1StGXR8_Z5jdHi6`: the tag is made of the owner, so that all of an owner is on one node, and the
 * name of the key. IDs come from users and may hold anything; hashed they are short, safe, and told to nobody who
 * looks at the keys. Parts of a window of another length mean other moments, so that the window is in the name.
 */
export function nameOfKey(prefix: string, command: StateCommand): string {
  const { type, owner, key } = command;
  const name = type === 'count' ? `${command.window} ${key}` : key;
  return `${prefix}:{${shortened(owner, TAG_LENGTH)}}${LETTERS[type]}${shortened(name, NAME_LENGTH)}`;
}

/** The tokens that a count has counted lately, kept beside it. */
export function nameOfTokens(nameOfCount: string): string {
  return `${nameOfCount}t`;
}

/** What stands for a token or a member; empty when it is. */
export function nameOfMember(text: string): string {
  return text === '' ? '' : shortened(text, MEMBER_LENGTH);
}
