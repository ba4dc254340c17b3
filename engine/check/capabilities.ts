/** Checks that the configured apps can carry what the rules want. */
import type { Capability } from '../capability.js';
import type { FactName } from '../facts.js';
import { enumerate } from '../nearest.js';
import { problemAt, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';
import { memberOf, placeOfEffect } from './place.js';
import { canHoldFor, commandsFor, isOnCommand, lackingFacts, type CommandTable } from './reach.js';

/**
 * Reports the effects of a rule that no configured app can carry (error), that only some can, or that
 * only a command can carry on which the rule never matches (warnings).
 */
export function checkCapabilities(rule: Rule, table: CommandTable, report: Report): void {
  const commands = commandsAsked(rule, table).filter((command) => isOnCommand(rule.condition, command));
  const matching = commands.filter((command) => canHoldFor(rule.condition, command));
  for (const want of wantsOf(rule)) checkWant(rule, want, commands, matching, report);
  checkCodes(rule, matching, report);
}

/**
 * The commands that would have to carry the effects. A glob stands for what can be decided; a kind that
 * is named and only reported afterwards is a disappointment.
 */
function commandsAsked({ kinds, namedKinds }: Rule, table: CommandTable): readonly Capability[] {
  return kinds.flatMap((kind) => {
    const before = commandsFor(table, [kind], ['before']);
    const platforms = new Set(before.map(({ platform }) => platform));
    const after = namedKinds.includes(kind) ? commandsFor(table, [kind], ['after']) : [];
    return [...before, ...after.filter(({ platform }) => !platforms.has(platform))];
  });
}

interface Want {
  readonly name: string;
  /** Keys below `then`. */
  readonly path: readonly string[];
  readonly carries: (command: Capability) => boolean;
  /** Why a command that is asked before the event does not carry it. */
  readonly why: string;
  readonly rewrites?: FactName;
}

function wantsOf({ effects }: Rule): readonly Want[] {
  const wants: Want[] = [];
  if (effects.verdict === 'refuse') {
    wants.push({
      name: 'refuse',
      path: ['refuse'],
      carries: ({ refuse }) => refuse,
      why: 'the reply cannot refuse',
    });
  }
  if (effects.verdict === 'discard') {
    wants.push({
      name: 'discard',
      path: ['discard'],
      carries: ({ discard }) => discard,
      why: 'cannot be dropped silently; it would be refused',
    });
  }
  for (const { fact } of effects.rewrites) {
    wants.push({
      name: `rewrite ${fact}`,
      path: ['rewrite', fact],
      carries: ({ rewrites }) => rewrites.has(fact),
      why: 'the reply cannot change it',
      rewrites: fact,
    });
  }
  return wants;
}

function checkWant(
  rule: Rule,
  want: Want,
  commands: readonly Capability[],
  matching: readonly Capability[],
  report: Report,
): void {
  const carriers = commands.filter((command) => command.stage === 'before' && want.carries(command));
  const carried = new Set(carriers.filter((command) => matching.includes(command)).map(operationOf));
  const operations = new Set(matching.map(operationOf));
  const outOfReach = carriers.filter(
    (command) => !carried.has(operationOf(command)) && operations.has(operationOf(command)),
  );
  const elsewhere = new Set(carriers.map(operationOf));
  const unable = matching.filter(
    (command) =>
      !carriers.includes(command) &&
      !(
        want.rewrites !== undefined &&
        command.rewritesElsewhere.has(want.rewrites) &&
        elsewhere.has(operationOf(command))
      ),
  );
  const place = placeOfEffect(rule, want.path);
  if (carried.size === 0 && outOfReach.length === 0) {
    if (unable.length === 0) return;
    const details = byPlatform(unable).map(([platform, list]) => inWords(platform, list, want));
    report(
      problemAt(
        place,
        'cannot-carry',
        `No configured app can carry \`${want.name}\` here: ${details.join('; ')}.`,
        { atKey: true },
      ),
    );
    return;
  }
  for (const [platform, list] of byPlatform(unable)) {
    report(
      problemAt(
        place,
        'cannot-carry',
        `Not every app can carry \`${want.name}\` here: ${inWords(platform, list, want)}.`,
        {
          severity: 'warning',
          atKey: true,
          hint: `Accept it, or limit the rule: ${limitTo(platform, list, matching)}.`,
        },
      ),
    );
  }
  for (const [platform, list] of byPlatform(outOfReach)) {
    report(
      problemAt(
        place,
        'carrier-lacks-facts',
        `\`${want.name}\` never happens on ${platform}: ${list.map((command) => lackInWords(rule, command)).join('; ')}.`,
        {
          severity: 'warning',
          atKey: true,
          hint: `Only ${list.length === 1 ? 'this command' : 'these commands'} can carry it there: make a condition of facts that it tells.`,
        },
      ),
    );
  }
}

/** What the platform does is one operation, whichever of its commands announce it. */
function operationOf({ platform, kind }: Capability): string {
  return `${platform} ${kind}`;
}

function byPlatform(
  commands: readonly Capability[],
): readonly (readonly [platform: string, commands: readonly Capability[]])[] {
  const platforms = new Set(commands.map(({ platform }) => platform));
  return [...platforms].map((name) => [name, commands.filter(({ platform }) => platform === name)] as const);
}

/** Such as `tencent (Sns.CallbackBlackListAdd): reported after the event only`. */
function inWords(platform: string, commands: readonly Capability[], { why }: Want): string {
  const reasons = new Map<string, string[]>();
  for (const { stage, command } of commands) {
    const reason = stage === 'after' ? 'reported after the event only' : why;
    reasons.set(reason, [...(reasons.get(reason) ?? []), command]);
  }
  return [...reasons].map(([reason, names]) => `${platform} (${shorten(names)}): ${reason}`).join('; ');
}

function shorten(names: readonly string[]): string {
  const rest = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
}

/** A condition that leaves out the commands. */
function limitTo(platform: string, commands: readonly Capability[], matching: readonly Capability[]): string {
  const all = matching.filter((command) => command.platform === platform);
  return all.length === commands.length
    ? `\`{ fact: platform, operator: notEqual, value: ${platform} }\``
    : `\`{ fact: command, operator: notIn, value: [${commands.map(({ command }) => command).join(', ')}] }\``;
}

function lackInWords({ condition }: Rule, command: Capability): string {
  return `${command.command} does not tell ${enumerate(lackingFacts(condition, command))}`;
}

function checkCodes(rule: Rule, commands: readonly Capability[], report: Report): void {
  for (const [platform, code] of Object.entries(rule.effects.refusal?.codes ?? {})) {
    const ranges = commands.flatMap((command) =>
      command.platform === platform && command.refuse && command.codes !== null ? [command.codes] : [],
    );
    const outside = ranges.filter(([min, max]) => code < min || code > max);
    if (outside.length === 0) continue;
    const possible = [...new Set(ranges.map(([min, max]) => `${min} to ${max}`))].join(', ');
    const isError = outside.length === ranges.length;
    report(
      problemAt(
        memberOf(placeOfEffect(rule, ['refuse', 'code']), platform),
        'code-out-of-range',
        `${code} is outside the range of ${isError ? 'every' : 'a'} command of this rule (${possible}).`,
        {
          severity: isError ? 'error' : 'warning',
          hint: 'Where it does not fit, the reason is used.',
        },
      ),
    );
  }
}
