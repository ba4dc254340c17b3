import type { ReadFile } from '../../store/rules-folder.js';
import { ABLE } from '../support/rules.js';

export const CONTEXT = { capabilities: ABLE, platforms: ['able', 'other'] };

/** Files of a rules folder as if they had been read; `.txt` files are lists. */
export function filesOf(texts: Readonly<Record<string, string | undefined>>): readonly ReadFile[] {
  return Object.entries(texts)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([file, text]) => ({
      file,
      role: file.endsWith('.txt') ? 'list' : 'rules',
      content: { type: 'text', text },
    }));
}

/** A rule that refuses messages of one user. */
export function refusing(id: string, actor: string, more = ''): string {
  return `  - id: ${id}
    on: message.send
    when: { all: [ { fact: actor.id, operator: equal, value: ${actor} } ] }
    then: { refuse: { message: "by ${id}" } }
${more}`;
}
