/** All rows of the catalog, and the names under which they are called. */
import type { JsonObject } from '../adapter.js';
import { COMMON_CODECS } from '../codecs.js';
import { member } from '../path.js';
import { compileRow, type RowReader } from '../reader.js';
import { CONVERSATION_ROWS } from './catalog-conversations.js';
import { FRIEND_ROWS } from './catalog-friends.js';
import { GROUP_ROWS } from './catalog-groups.js';
import { MESSAGE_ROWS } from './catalog-messages.js';
import { PUSH_ROWS } from './catalog-pushes.js';
import { USER_ROWS } from './catalog-users.js';
import { OPENIM_CODECS } from './codecs.js';
import { contentKeys, type ContentKeys } from './content.js';
import type { OpenimRow } from './row.js';

export const OPENIM_ROWS: readonly OpenimRow[] = [
  ...MESSAGE_ROWS,
  ...PUSH_ROWS,
  ...FRIEND_ROWS,
  ...USER_ROWS,
  ...GROUP_ROWS,
  ...CONVERSATION_ROWS,
];

/** A row with its compiled reader. */
export interface Command {
  readonly row: OpenimRow;
  readonly reader: RowReader;
  /** Keys of the message content; none for a command without. */
  readonly content: ContentKeys | undefined;
}

const codecs = { ...COMMON_CODECS, ...OPENIM_CODECS };

const commands: ReadonlyMap<string, Command> = new Map(
  OPENIM_ROWS.map((row) => [
    row.command,
    { row, reader: compileRow(row, codecs), content: contentKeys(row.content) },
  ]),
);

const currentNames: ReadonlyMap<string, string> = new Map(
  OPENIM_ROWS.flatMap((row) => [row.command, ...(row.aliases ?? [])].map((name) => [name, row.command])),
);

function isSent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/**
 * The one name that stands for several commands: the documentation prints it for all three pushes, and
 * they can only be told apart by their fields.
 */
function pushCommand(body: JsonObject): string {
  if (!isSent(member(body, 'userIDList'))) return 'callbackBeforeGroupOnlinePushCommand';
  return isSent(member(body, 'title'))
    ? 'callbackBeforeOfflinePushCommand'
    : 'callbackBeforeOnlinePushCommand';
}

/**
 * The current name of a command.
 *
 * @param name a name as it was sent; letter case matters, as some names differ in nothing else
 * @param body decides about a name that stands for several commands
 * @returns `undefined` for a name that no release and no documentation of a callback has
 */
export function currentName(name: string, body: JsonObject): string | undefined {
  return name === 'callbackBeforePushCommand' ? pushCommand(body) : currentNames.get(name);
}

/** The command with this current name. */
export function commandNamed(current: string): Command | undefined {
  return commands.get(current);
}
