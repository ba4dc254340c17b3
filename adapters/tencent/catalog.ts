/** All commands of Tencent Cloud Chat, compiled once. */
import type { FactName } from '../../engine/facts.js';
import { compileRow, type RowReader } from '../reader.js';
import { CHANNEL_ROWS } from './catalog-channels.js';
import { FRIEND_ROWS } from './catalog-friends.js';
import { GROUP_ROWS } from './catalog-groups.js';
import { MESSAGE_ROWS } from './catalog-messages.js';
import { OTHER_ROWS } from './catalog-others.js';
import { CODECS } from './codecs.js';
import { factsOfContent } from './content.js';
import type { TencentRow } from './row.js';

export const TENCENT_ROWS: readonly TencentRow[] = [
  ...MESSAGE_ROWS,
  ...FRIEND_ROWS,
  ...GROUP_ROWS,
  ...CHANNEL_ROWS,
  ...OTHER_ROWS,
];

export interface Command {
  readonly row: TencentRow;
  readonly reader: RowReader;
  /** Facts that come out of the message content. */
  readonly contentFacts: ReadonlySet<FactName>;
}

const commands: ReadonlyMap<string, Command> = new Map(
  TENCENT_ROWS.map((row) => [
    row.command,
    { row, reader: compileRow(row, CODECS), contentFacts: factsOfContent(row.content ?? {}) },
  ]),
);

/** The command of a wire name, with regard to case as the vendor writes it. */
export function commandNamed(name: string | undefined): Command | undefined {
  return name === undefined ? undefined : commands.get(name);
}
