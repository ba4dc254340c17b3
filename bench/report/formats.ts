/** A run, written for people, for programs, and for docs/benchmarks.md. */
import type { Machine } from './machine.js';
import { assessResults, type Results } from './results.js';
import { alignRows, assessmentRow, ASSESSMENT_HEAD, figureRow, FIGURE_HEAD, markdownTable } from './text.js';

function assessmentRows(results: Results): readonly (readonly string[])[] {
  return [ASSESSMENT_HEAD, ...assessResults(results).map(assessmentRow)];
}

function machineLine({ processor, cores, memoryGiB, system, node, generator }: Machine): string {
  return `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node.js ${node}, load by ${generator}`;
}

function packagesLine({ packages }: Machine): string {
  return Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

export function toText(results: Results): string {
  const groups = results.groups.map(
    ({ benchmark, figures }) =>
      `${benchmark.title}\n\n${alignRows([FIGURE_HEAD, ...figures.map(figureRow)])}`,
  );
  const { machine, rounds } = results;
  const targets = assessmentRows(results);
  return [
    ...groups,
    ...(targets.length > 1 ? [`Targets\n\n${alignRows(targets)}`] : []),
    `${machineLine(machine)}, ${rounds} rounds\n${packagesLine(machine)}\n`,
  ].join('\n\n');
}

/** Only the targets, for `bench:check`. */
export function toCheck(results: Results): string {
  const missed = assessResults(results).filter(({ isReached }) => !isReached);
  if (missed.length === 0) return 'All targets are reached.\n';
  return `Not reached:\n\n${alignRows([ASSESSMENT_HEAD, ...missed.map(assessmentRow)])}\n`;
}

export function toJson(results: Results): string {
  return `${JSON.stringify({ ...results, targets: assessResults(results) }, null, 2)}\n`;
}

/** The figures section of docs/benchmarks.md. */
export function toMarkdown(results: Results): string {
  const { date, machine, rounds } = results;
  const groups = results.groups.map(
    ({ benchmark, figures }) =>
      `### ${benchmark.title}\n\n\`npm run bench -- ${benchmark.name}\`. ${benchmark.explains}\n\n${markdownTable([FIGURE_HEAD, ...figures.map(figureRow)])}`,
  );
  return [
    `Run of ${date}, ${rounds} rounds: ${machineLine(machine)}.`,
    `Packages: ${packagesLine(machine)}.`,
    '### Targets',
    markdownTable(assessmentRows(results)),
    ...groups,
  ]
    .join('\n\n')
    .concat('\n');
}
