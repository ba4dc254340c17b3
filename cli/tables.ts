/** `callgate commands`, `facts`, `events` and `operators`: print the tables that rules are written by. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { PLATFORM_NAMES, type PlatformName } from '../adapters/index.js';
import { KIND_NAMES, kindsMatching, type Kind, type Stage } from '../engine/kinds.js';
import { hintFor } from '../engine/nearest.js';
import {
  abilities,
  commandRows,
  eventRows,
  factRows,
  operatorRows,
  type EventRow,
  type RowFilter,
} from './table-rows.js';
import { formatTable, widthOf, type Cells } from './table-text.js';

interface TableOptions {
  readonly platform?: PlatformName;
  readonly kind?: readonly Kind[];
  readonly stage?: Stage;
  readonly json?: true;
}

/** A table: its rows as data, and as text. */
interface Table {
  readonly name: string;
  readonly description: string;
  /** Whether it depends on platform, kind and stage. */
  readonly isFiltered: boolean;
  readonly print: (filter: RowFilter) => Printed;
}

interface Printed {
  readonly data: unknown;
  readonly head: Cells;
  readonly rows: readonly Cells[];
}

const TABLES: readonly Table[] = [
  {
    name: 'commands',
    description: 'List the commands of the platforms, and what their replies can do.',
    isFiltered: true,
    print: (filter) => {
      const data = commandRows(filter);
      return {
        data,
        head: ['platform', 'command', 'kind', 'stage', 'the reply can'],
        rows: data.map((row) => [row.platform, row.command, row.kind, row.stage, abilities(row.reply)]),
      };
    },
  },
  {
    name: 'events',
    description: 'List the kinds of events, with the stages that each platform has.',
    isFiltered: true,
    print: (filter) => {
      const data = eventRows(filter);
      return {
        data,
        head: ['kind', ...PLATFORM_NAMES, 'meaning'],
        rows: data.map((row) => [
          row.kind,
          ...PLATFORM_NAMES.map((name) => stagesOn(row, name)),
          row.meaning,
        ]),
      };
    },
  },
  {
    name: 'facts',
    description: 'List the facts, and how many commands of each platform tell them.',
    isFiltered: true,
    print: (filter) => {
      const data = factRows(filter);
      return {
        data,
        head: ['fact', 'type', ...PLATFORM_NAMES, 'meaning'],
        rows: data.map(({ fact, type, meaning, values, commands }) => [
          fact,
          type,
          ...PLATFORM_NAMES.map((name) => String(commands[name])),
          values === null ? meaning : `${meaning} One of ${values.join(', ')}.`,
        ]),
      };
    },
  },
  {
    name: 'operators',
    description: 'List the operators, with the facts that they apply to and the value that they want.',
    isFiltered: false,
    print: () => {
      const data = operatorRows();
      return {
        data,
        head: ['operator', 'facts', 'meaning', 'written'],
        rows: data.map((row) => [row.operator, row.facts.join(', '), row.meaning, row.written.join(' or ')]),
      };
    },
  },
];

const STAGES: readonly Stage[] = ['before', 'after'];

function stagesOn({ commands }: EventRow, platform: PlatformName): string {
  const stages = STAGES.filter((stage) =>
    commands.some((row) => row.platform === platform && row.stage === stage),
  );
  return stages.length === 0 ? '-' : stages.join(', ');
}

export function registerTables(program: Command): void {
  for (const table of TABLES) {
    const command = program.command(table.name).description(table.description);
    if (table.isFiltered) {
      command
        .addOption(new Option('--platform <name>', 'only what this platform has').choices(PLATFORM_NAMES))
        .option('--kind <kind>', 'only this event kind, or kinds such as "message.*"', readKinds)
        .addOption(new Option('--stage <stage>', 'only this stage').choices(STAGES));
    }
    command.option('--json', 'print JSON').action((options: TableOptions) => {
      process.stdout.write(`${printTable(table, options, widthOf(process.stdout))}\n`);
    });
  }
}

function readKinds(text: string): readonly Kind[] {
  const kinds = kindsMatching(text);
  if (kinds.length > 0) return kinds;
  throw new InvalidArgumentError(`There is no such kind. ${hintFor(text, KIND_NAMES)}`);
}

function printTable(table: Table, { platform, kind, stage, json }: TableOptions, width: number): string {
  const { data, head, rows } = table.print({
    ...(platform !== undefined && { platform }),
    ...(kind !== undefined && { kinds: kind }),
    ...(stage !== undefined && { stage }),
  });
  if (json === true) return JSON.stringify(data, null, 2);
  return rows.length === 0 ? 'Nothing fits.' : formatTable(head, rows, width);
}
