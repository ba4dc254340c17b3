/** Checks a configuration and its rules, as `callgate check` does. */
import { dirname, join, resolve } from 'node:path';
import { compileRules } from '../engine/compile.js';
import type { LocatedProblem, ProblemCode } from '../engine/problem.js';
import type { RuleContext, RuleSet } from '../engine/rule-set.js';
import { PLATFORM_NAMES, capabilitiesOf } from '../adapters/index.js';
import { ruleContextOf } from '../server/rules.js';
import { forPeople } from '../server/paths.js';
import { loadConfig } from '../store/config.js';
import { isRecord } from '../store/data.js';
import { interpolate, type Environment } from '../store/interpolate.js';
import { readText } from '../store/read-text.js';
import { compileReading } from '../store/compile-reading.js';
import { sortProblems } from '../store/report.js';
import { readRulesFolder } from '../store/rules-folder.js';
import { folderNamedBy } from '../store/rules-settings.js';
import { readYaml } from '../store/yaml-file.js';

export interface CheckResult {
  /** Sorted; the files are named so that they can be opened from the working folder. */
  readonly problems: readonly LocatedProblem[];
  /** `null` when there are errors, and when the configuration names no folder with rules. */
  readonly rules: RuleSet | null;
}

/** Checks a configuration file and the rules that it names. Never rejects for what is in the files. */
export async function checkProject(file: string, environment: Environment): Promise<CheckResult> {
  const { config, problems } = await loadConfig({ file, environment });
  if (config !== null) {
    // Published rules were checked before they were published.
    if (config.rules.type === 'redis') return { problems, rules: null };
    const found = await checkRules(config.rules.folder, ruleContextOf(config));
    return { ...found, problems: sortProblems([...problems, ...found.problems]) };
  }
  const folder = await rulesFolderOf(file, environment);
  if (folder === undefined) return { problems, rules: null };
  const { problems: found } = await checkRules(folder, ALL_PLATFORMS);
  const certain = found.filter(({ code }) => !OF_APPS.has(code));
  return { problems: sortProblems([...problems, ...certain]), rules: null };
}

/** Checks the rules in a folder. */
export async function checkRules(folder: string, context: RuleContext): Promise<CheckResult> {
  const { ruleSet, problems } = await compileReading(await readRulesFolder(folder), (read) =>
    compileRules(read, context, { withStyle: true }),
  );
  const named = problems.map((problem) => ({ ...problem, file: forPeople(join(folder, problem.file)) }));
  return { problems: named, rules: ruleSet };
}

/** An app of each platform: what rules are checked against where nobody says which apps there are. */
export const ALL_PLATFORMS: RuleContext = {
  capabilities: PLATFORM_NAMES.flatMap(capabilitiesOf),
  platforms: PLATFORM_NAMES,
};

/** Mistakes that depend on which apps there are. */
const OF_APPS: ReadonlySet<ProblemCode> = new Set([
  'cannot-carry',
  'carrier-lacks-facts',
  'code-out-of-range',
  'event-without-app',
]);

/** Bytes of a configuration that has mistakes. */
const MOST_BYTES = 1024 * 1024;

/**
 * The rules folder that a configuration with mistakes names, so that those in the rules can be told at
 * the same time; `undefined` when it cannot be known.
 */
async function rulesFolderOf(file: string, environment: Environment): Promise<string | undefined> {
  const read = await readText(file, file, MOST_BYTES);
  if (read.type !== 'text') return undefined;
  const { data } = interpolate(readYaml(file, read.text).data, environment, file);
  if (!isRecord(data)) return undefined;
  const rules = folderNamedBy(data['rules'] ?? 'rules');
  return rules !== undefined && !rules.includes('${') ? resolve(dirname(file), rules) : undefined;
}
