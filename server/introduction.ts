/** What people see first: the banner, and what the first load had to say. */
import type { LocatedProblem } from '../engine/problem.js';
import type { Config, RulesSettings } from '../store/config.js';
import { formatProblems } from '../store/report.js';
import type { RuleStoreStatus } from '../store/rule-store.js';
import { bannerOf } from './banner.js';
import { forPeople } from './paths.js';
import { rulesPlaceOf } from './rules-place.js';

export interface IntroductionParts {
  readonly config: Config;
  readonly callbackOrigin: string;
  readonly adminOrigin: string;
  readonly rules: RuleStoreStatus;
  /** Of the first load. */
  readonly problems: readonly LocatedProblem[];
  /** Processes that answer callbacks, where there are several. */
  readonly workers?: number;
}

export function introductionOf({ config, problems, ...parts }: IntroductionParts): string {
  const banner = bannerOf({
    ...parts,
    apps: config.apps,
    server: config.server,
    decisionLog: inWords(config.decisionLog),
  });
  if (problems.length === 0) return banner;
  const report = formatProblems(problems, { folder: rulesPlaceOf(config.rules) });
  return `${banner}\n${report}\n\n${fallbackOf(parts.rules, config.rules)}`;
}

/** What must not be overlooked: the gate stands, but not on the rules that it shall stand on. */
function fallbackOf({ keptAt, revision }: RuleStoreStatus, { type }: RulesSettings): string {
  if (keptAt === null) return '';
  const since = new Date(keptAt).toISOString();
  const what = type === 'folder' ? 'THE RULE FILES ARE REFUSED' : 'THE PUBLISHED RULES ARE NOT IN FORCE';
  return `  !!  ${what}.\n  !!  The last good rules are in force: revision ${revision ?? 'none'}, kept ${since}.\n\n`;
}

function inWords(settings: Config['decisionLog']): string {
  const { redis } = settings;
  if (redis === undefined) return destinationInWords(settings);
  const stream = `the Redis Stream ${redis}`;
  return settings.to === 'none' ? `logged to ${stream}` : `${destinationInWords(settings)} and ${stream}`;
}

function destinationInWords({ to, file }: Config['decisionLog']): string {
  switch (to) {
    case 'none':
      return 'not logged';
    case 'stdout':
      return 'logged to standard output';
    case 'file':
      return `logged to ${forPeople(file)}`;
  }
}
