/** The reference pages of the documentation, made from the tables that the program runs on. */
import { PLATFORM_NAMES } from '../adapters/index.js';
import {
  abilities,
  commandRows,
  eventRows,
  FACTS_OF_ALL,
  factRows,
  operatorRows,
} from '../cli/table-rows.js';
import { STATE_FACTS } from '../engine/state-facts.js';

/** What stands at the head of every page that is made. */
export const NOTE = 'Made by `npm run docs` from the tables in the source. Do not edit.';

/** File name below docs/reference to content. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['facts.md', factsPage()],
    ['events.md', eventsPage()],
    ['commands.md', commandsPage()],
    ['operators.md', operatorsPage()],
  ]);
}

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function page(title: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, NOTE, ...parts].join('\n\n')}\n`;
}

const code = (text: string): string => `\`${text}\``;
const codes = (texts: Iterable<string>): string => [...texts].map(code).join(', ');

function factsPage(): string {
  const rows = factRows().map(({ fact, type, meaning, values, commands }) => {
    const words = values === null ? '' : ` One of ${codes(values)}.`;
    const told = PLATFORM_NAMES.map((name) => (commands[name] === 0 ? '-' : `${commands[name]} commands`));
    return [code(fact), type, meaning + words, ...told];
  });
  return page(
    'Facts',
    'A `time` is whole milliseconds since 1970. In conditions, ISO 8601 texts are taken as well. A fact that a callback does not carry is absent: every comparison with it is false, and only `exists` sees it. [Events](events.md) says which kinds carry which facts.',
    table(['fact', 'type', 'meaning', ...PLATFORM_NAMES], rows),
    '## What is remembered',
    'These facts are about a user or group that the event names, and come from the state that rules keep. `by` in the condition says which; [Remembering](../remembering.md) explains them.',
    table(
      ['fact', 'type', 'meaning'],
      Object.entries(STATE_FACTS).map(([kind, { type, meaning }]) => [code(`${kind}.NAME`), type, meaning]),
    ),
  );
}

function eventsPage(): string {
  const sections = eventRows().map(({ kind, meaning, facts, commands }) => {
    const rows = commands.map((row) => [
      row.platform,
      code(row.command),
      row.stage,
      abilities(row.reply, code),
    ]);
    const own = facts.length === 0 ? 'No facts beyond the common ones.' : `Facts: ${codes(facts)}.`;
    return [`## ${kind}`, meaning, own, table(['platform', 'command', 'stage', 'the reply can'], rows)].join(
      '\n\n',
    );
  });
  return page('Events', `Every event may carry ${codes(FACTS_OF_ALL)}.`, ...sections);
}

function commandsPage(): string {
  const sections = PLATFORM_NAMES.map((platform) => {
    const rows = commandRows({ platform }).map((row) => [
      code(row.command),
      code(row.kind),
      row.stage,
      abilities(row.reply, code),
    ]);
    return [`## ${platform}`, table(['command', 'event kind', 'stage', 'the reply can'], rows)].join('\n\n');
  });
  return page('Commands', ...sections);
}

function operatorsPage(): string {
  const rows = operatorRows().map(({ operator, meaning, facts, wants, written }) => [
    code(operator),
    meaning,
    facts.join(', '),
    wants,
    written.map(code).join(' or '),
  ]);
  return page(
    'Operators',
    'An absent fact makes every operator false except `exists`.',
    table(['operator', 'meaning', 'facts', 'value', 'written'], rows),
  );
}
