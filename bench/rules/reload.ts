import type { Benchmark } from '../benchmark.js';
import type { Figure } from '../figure.js';
import { startChild } from '../process/child.js';
import { generateRefusingRules, writeRulesFolder } from './folder.js';
import type { ReloadReport } from './reload-child.js';

const FILES_OF_RULES = 10_000;

export const reload: Benchmark = {
  name: 'reload',
  title: 'Loading and reloading',
  explains: [
    '10,000 rules in 100 files. First load: from opening the folder to rules in force. Reload: from the',
    'moment one file is written to the moment its rules are in force, the wait for further writes',
    'included; stall is the longest time that the event loop stood still meanwhile. Each round is a process',
    'of its own that saves a file after a rest of four seconds, and another right after it, four times.',
  ].join(' '),
  async measure({ rounds, say }) {
    const folder = writeRulesFolder('reload', generateRefusingRules(FILES_OF_RULES));
    const reports: ReloadReport[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      say(`round ${round} of ${rounds}`);
      const child = startChild('rules/reload-child', { args: [folder] });
      reports.push((await child.message()) as ReloadReport);
      await child.stop();
    }
    const figure = (
      id: string,
      label: string,
      unit: 's' | 'ms',
      read: (report: ReloadReport) => number,
    ): Figure => ({
      id,
      label,
      unit,
      samples: reports.map(read),
    });
    return [
      figure('load.first', 'first load', 's', ({ firstLoad }) => firstLoad / 1000),
      figure('load.stall', 'longest stall of the first load', 'ms', ({ firstStall }) => firstStall),
      figure('reload.save', 'one file saved, in force', 'ms', ({ saved }) => saved),
      figure('reload.again', 'another saved right after it', 'ms', ({ savedAgain }) => savedAgain),
      figure('reload.stall', 'longest stall meanwhile', 'ms', ({ stall }) => stall),
    ];
  },
};
