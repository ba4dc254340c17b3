/** Configuration and rules, loaded as the server loads them, to be tried without a server. */
import { resolve } from 'node:path';
import type { App } from '../../adapters/index.js';
import type { Node } from '../../engine/parse/node.js';
import { compileTraced, type TracedRuleSet } from '../../engine/trace.js';
import { ruleContextOf } from '../../server/rules.js';
import { forPeople } from '../../server/paths.js';
import { loadConfig, type Config } from '../../store/config.js';
import { formatProblems } from '../../store/report.js';
import { compileReading } from '../../store/compile-reading.js';
import { readRulesFolder } from '../../store/rules-folder.js';
import { configFileOf } from '../config-file.js';
import { UserError } from './user-error.js';

export interface Workbench {
  readonly apps: readonly App[];
  readonly rules: TracedRuleSet;
  /** The rules folder as people would type it. */
  readonly folder: string;
  /** Where something of the rule files stands: `rules/relations.yaml:12:9`. */
  placeOf(node: Pick<Node, 'file' | 'path'>): string;
}

export interface WorkbenchOptions {
  /** The configuration file. */
  readonly config?: string | undefined;
  /** The rules folder, instead of the configured one. */
  readonly rules?: string | undefined;
}

/** @throws UserError with all problems when configuration or rules have mistakes */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { config, problems } = await loadConfig({
    file: configFileOf(options.config),
    environment: process.env,
  });
  if (config === null) throw new UserError(formatProblems(problems));
  return loadWorkbench(config, folderOf(config, options.rules));
}

/** @throws UserError when rules are published and no folder is named */
function folderOf({ rules }: Config, named: string | undefined): string {
  if (named !== undefined) return resolve(named);
  if (rules.type === 'folder') return rules.folder;
  throw new UserError('The configured rules are published ones: name a folder with --rules FOLDER.');
}

/** @param rules path of the rules folder */
export async function loadWorkbench(config: Pick<Config, 'apps'>, rules: string): Promise<Workbench> {
  const folder = forPeople(rules);
  const reading = await readRulesFolder(rules);
  const compiled: { traced: TracedRuleSet | null } = { traced: null };
  const { ruleSet, problems } = await compileReading(reading, async (files) => {
    const result = await compileTraced(files, ruleContextOf(config));
    compiled.traced = result.traced;
    return { ruleSet: result.traced?.ruleSet ?? null, problems: result.problems };
  });
  if (ruleSet === null || compiled.traced === null) throw new UserError(formatProblems(problems, { folder }));
  return {
    apps: config.apps,
    rules: compiled.traced,
    folder,
    placeOf({ file, path }) {
      const { line, column } = reading.positionOf(file, path);
      return `${folder}/${file}:${line}:${column}`;
    },
  };
}
