/** Checks that a rule can match at all on the commands of the configured apps. */
import type { Capability } from '../capability.js';
import { leavesOf } from '../condition.js';
import { factsOf } from '../kinds.js';
import { enumerate } from '../nearest.js';
import { problemAt, type Node, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import { eventFactsOf } from '../state-facts.js';
import { requiredFacts } from './literals.js';
import { memberOf, placeOfLeaf } from './place.js';
import {
  canHoldFor,
  commandsFor,
  isOnCommand,
  isOnPlatform,
  lackingFacts,
  type CommandTable,
} from './reach.js';

/** Reports events that no configured app has, and conditions that no command can meet. */
export function checkEvents(rule: Rule, table: CommandTable, report: Report): void {
  const commands = commandsFor(table, rule.kinds, rule.stages);
  reportMissingEvents(rule, table, report);
  const onPlatform = commands.filter((command) => isOnPlatform(rule.condition, command));
  // A rule for another platform is no mistake: deployments may share their rules.
  if (onPlatform.length === 0) return;
  const onCommand = onPlatform.filter((command) => isOnCommand(rule.condition, command));
  if (onCommand.length === 0) {
    reportNever(rule, 'none of the commands that it is on is the one that the condition wants', report);
  } else if (!onCommand.some((command) => canHoldFor(rule.condition, command)) && !needsForeignFact(rule)) {
    reportNever(rule, whatIsLacking(rule, onCommand), report);
  }
}

/** Whether a fact is needed that belongs to none of the rule's events, which has been reported as an error. */
function needsForeignFact({ condition, kinds }: Rule): boolean {
  return [...requiredFacts(condition)]
    .flatMap(eventFactsOf)
    .some((fact) => !kinds.some((kind) => factsOf(kind).has(fact)));
}

function reportMissingEvents(
  { kinds, namedKinds, stages, node, effects }: Rule,
  table: CommandTable,
  report: Report,
): void {
  const on = memberOf(node, 'on');
  const missing = namedKinds.filter((kind) => commandsFor(table, [kind], stages).length === 0);
  const changesEvent = effects.verdict !== null || effects.rewrites.length > 0;
  for (const kind of missing) {
    const other = commandsFor(table, [kind], ['before', 'after']);
    // That what has happened cannot be changed is told where the effect stands.
    if (other.length > 0 && changesEvent) continue;
    const why =
      other.length === 0
        ? `No configured app has the event \`${kind}\`.`
        : `No configured app has the event \`${kind}\` in the stage \`${stages.join(', ')}\`.`;
    report(
      problemAt(placeOfPattern(on, kind), 'event-without-app', why, { severity: 'warning', hint: HINT }),
    );
  }
  if (namedKinds.length > 0 || commandsFor(table, kinds, stages).length > 0) return;
  const message = 'No configured app has such events.';
  report(problemAt(on, 'event-without-app', message, { severity: 'warning', hint: HINT }));
}

const HINT = '`callgate events` shows which platform has which events.';

function placeOfPattern(on: Node, pattern: string): Node {
  const index = Array.isArray(on.value) ? on.value.indexOf(pattern) : -1;
  return index === -1 ? on : memberOf(on, index);
}

function whatIsLacking(rule: Rule, commands: readonly Capability[]): string {
  const lacking = commands.map((command) => lackingFacts(rule.condition, command));
  const common = lacking[0]?.filter((fact) => lacking.every((facts) => facts.includes(fact))) ?? [];
  const who = [...new Set(commands.map(({ platform }) => platform))].join(', ');
  if (common.length > 0) return `its events do not tell ${enumerate(common)} (${who})`;
  const all = enumerate(new Set(lacking.flat()));
  return `no command tells all of the facts that it needs, among them ${all} (${who})`;
}

function reportNever(rule: Rule, why: string, report: Report): void {
  const [first] = leavesOf(rule.condition);
  report(
    problemAt(
      first === undefined ? rule.node : placeOfLeaf(rule, first),
      'never-matches',
      `The rule \`${rule.id}\` can never match: ${why}.`,
      {
        severity: 'warning',
        hint: '`callgate facts --kind KIND` lists the facts that the commands of a kind tell.',
      },
    ),
  );
}
