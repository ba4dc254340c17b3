/** Folders of rule files, as operators would keep them. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SEED } from '../seed.js';
import { workFolder } from '../root.js';
import { generateRules, type GeneratedRule, type RuleData } from '../workload/rules.js';

/** Rules of one file. */
export const RULES_PER_FILE = 100;

/** Refuses, so that the first match decides, as most rules do. */
export const refusing = (id: string): RuleData['then'] => ({
  refuse: { reason: 7, message: `Refused by ${id}.` },
});

export function generateRefusingRules(count: number): readonly GeneratedRule[] {
  return generateRules(count, SEED, refusing);
}

/** Writes rules into a new folder, a hundred to a file. @returns its path */
export function writeRulesFolder(name: string, rules: readonly GeneratedRule[]): string {
  const folder = join(workFolder, name, 'rules');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (let start = 0; start < rules.length; start += RULES_PER_FILE) {
    writeFileSync(
      join(folder, fileName(start / RULES_PER_FILE)),
      textOf(rules.slice(start, start + RULES_PER_FILE)),
    );
  }
  return folder;
}

export function fileName(number: number): string {
  return `rules-${String(number).padStart(4, '0')}.yaml`;
}

export function textOf(rules: readonly GeneratedRule[]): string {
  return stringify({ rules: rules.map(({ rule }) => rule) });
}
