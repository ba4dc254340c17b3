/** `callgate fleet`: who runs which rules, since when, and how they are. */
import type { Command } from 'commander';
import { readHistory } from '../fleet/history.js';
import type { ReleaseRecord } from '../fleet/record.js';
import { readRoll } from '../fleet/roll.js';
import { viewFleet, type FleetProcess, type FleetView } from '../fleet/view.js';
import { printable } from '../store/code-frame.js';
import { withFleet } from './fleet/session.js';
import { orUserError } from './suite/user-error.js';
import { formatTable, widthOf } from './table-text.js';

interface FleetOptions {
  readonly config?: string;
  readonly json?: true;
  readonly check?: true;
}

export function registerFleet(program: Command): void {
  program
    .command('fleet')
    .description('Print which process judges by which rules, since when, and whether it is healthy.')
    .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
    .option('--json', 'print JSON')
    .option('--check', 'exit 1 unless every process is healthy')
    .addHelpText('after', NOTE)
    .action((options: FleetOptions) => orUserError(() => fleet(options)));
}

const NOTE = `
States: healthy, taking (others have just been published), behind (it should have taken them), refusing (it could
not), kept (on the rules that it had kept), draining, gone (no sign of life for 6 s; forgotten after ten minutes).`;

function fleet({ config, json, check }: FleetOptions): Promise<void> {
  return withFleet(config, async ({ redis, releases }) => {
    const [current] = readHistory([(await releases.current()) ?? '']);
    const { heard, now } = await readRoll(redis);
    const release = current?.record ?? null;
    const view = viewFleet(heard, release, now);
    const text = json === true ? JSON.stringify(dataOf(view, release), null, 2) : textOf(view, release, now);
    process.stdout.write(`${text}\n`);
    const isWell = view.living > 0 && view.healthy === view.processes.length;
    if (check === true && !isWell) process.exitCode = 1;
  });
}

function dataOf({ processes, living, healthy }: FleetView, release: ReleaseRecord | null) {
  return {
    current: release === null ? null : { ...release, at: isoTime(release.at) },
    living,
    healthy,
    processes: processes.map(({ id, state, at, beat }) => ({
      id,
      state,
      ...beat,
      startedAt: isoTime(beat.startedAt),
      since: isoTime(beat.since),
      heardAt: isoTime(at),
    })),
  };
}

function textOf(
  { processes, living, healthy }: FleetView,
  release: ReleaseRecord | null,
  now: number,
): string {
  const head =
    release === null
      ? 'Nothing has been published.'
      : printable(
          `Release ${release.number}, revision ${release.revision}, published ${isoTime(release.at)} by ${release.by}.`,
        );
  const counts = `${living} ${living === 1 ? 'process' : 'processes'}, ${healthy} healthy.`;
  if (processes.length === 0) return `${head}\nNo process has been heard.`;
  const rows = processes.map((each) => cellsOf(each, now).map(printable));
  return [head, counts, '', formatTable(HEAD, rows, widthOf(process.stdout))].join('\n');
}

const HEAD = ['host', 'pid', 'state', 'release', 'revision', 'since', 'heard', 'version', 'why'];

function cellsOf({ state, at, beat }: FleetProcess, now: number): readonly string[] {
  return [
    beat.host,
    `${beat.pid}`,
    state,
    beat.release === null ? '-' : `${beat.release}`,
    beat.revision,
    isoTime(beat.since),
    `${Math.max(0, Math.round((now - at) / 1000))} s ago`,
    beat.version,
    beat.refusal ?? '',
  ];
}

function isoTime(moment: number): string {
  return new Date(moment).toISOString();
}
