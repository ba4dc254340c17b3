/** Checks that the configured apps can carry what the rules want. */
import type { Capability } from '../capability.js';
import type { Condition } from '../condition.js';
import { testOf } from '../leaf.js';
import { problemAt, childOf, type Node, type Report } from '../parse/node.js';
import type { Rule } from '../parse/rules.js';

/** Reports the effects of a rule that no configured app can carry (error), or only some (warning). */
export function checkCapabilities(rule: Rule, capabilities: readonly Capability[], report: Report): void {
  if (rule.mode === 'off') return;
  const platforms = platformsOf(rule.condition);
  const reachable = capabilities.filter(
    ({ kind, platform }) => rule.kinds.includes(kind) && (platforms === undefined || platforms.has(platform)),
  );
  for (const { name, path, why, carries } of wantsOf(rule)) {
    const place = path.reduce<Node>(
      (node, key) => childOf(node, key, undefined),
      childOf(rule.node, 'then', undefined),
    );
    const able = reachable.filter((capability) => capability.stage === 'before' && carries(capability));
    const unable = unablePlatforms(rule, reachable, able);
    if (able.length === 0) {
      const commands = unable.flatMap(({ commands }) => commands);
      const detail =
        commands.length === 0
          ? 'none of their commands has such an event'
          : `${unable.map(inWords).join('; ')}: ${why}`;
      report(
        problemAt(place, 'cannot-carry', `No configured app can carry \`${name}\` here: ${detail}.`, {
          atKey: true,
        }),
      );
      continue;
    }
    for (const platform of unable) {
      report(
        problemAt(
          place,
          'cannot-carry',
          `Not every app can carry \`${name}\` here: ${inWords(platform)}: ${why}.`,
          {
            severity: 'warning',
            atKey: true,
            hint: `Accept it, or limit the rule: \`{ fact: platform, operator: notEqual, value: ${platform.name} }\`.`,
          },
        ),
      );
    }
  }
  checkCodes(rule, reachable, report);
}

interface Want {
  readonly name: string;
  /** Keys below `then`. */
  readonly path: readonly string[];
  readonly why: string;
  readonly carries: (capability: Capability) => boolean;
}

function wantsOf({ effects }: Rule): readonly Want[] {
  const wants: Want[] = [];
  if (effects.verdict === 'refuse') {
    wants.push({
      name: 'refuse',
      path: ['refuse'],
      why: 'reported after the event only',
      carries: ({ refuse }) => refuse,
    });
  }
  if (effects.verdict === 'discard') {
    wants.push({
      name: 'discard',
      path: ['discard'],
      why: 'cannot be dropped silently; it would be refused',
      carries: ({ discard }) => discard,
    });
  }
  for (const { fact } of effects.rewrites) {
    wants.push({
      name: `rewrite ${fact}`,
      path: ['rewrite', fact],
      why: 'the reply cannot change it',
      carries: ({ rewrites }) => rewrites.has(fact),
    });
  }
  return wants;
}

interface UnablePlatform {
  readonly name: string;
  readonly commands: readonly string[];
}

/** Platforms that know a kind of the rule and can carry the effect for none of its commands. */
function unablePlatforms(
  rule: Rule,
  reachable: readonly Capability[],
  able: readonly Capability[],
): readonly UnablePlatform[] {
  const carried = new Set(able.map(({ platform, kind }) => `${platform} ${kind}`));
  const commands = new Map<string, string[]>();
  for (const { platform, kind, command, stage } of reachable) {
    // A glob stands for what can be decided; only kinds that are named must be.
    if (carried.has(`${platform} ${kind}`) || (stage === 'after' && !rule.namedKinds.includes(kind)))
      continue;
    commands.set(platform, [...(commands.get(platform) ?? []), command]);
  }
  return [...commands].map(([name, list]) => ({ name, commands: list }));
}

function inWords({ name, commands }: UnablePlatform): string {
  const shown = commands.slice(0, 3).join(', ');
  return `${name} (${shown}${commands.length > 3 ? `, and ${commands.length - 3} more` : ''})`;
}

function checkCodes(rule: Rule, reachable: readonly Capability[], report: Report): void {
  for (const [platform, code] of Object.entries(rule.effects.refusal?.codes ?? {})) {
    const ranges = reachable.flatMap((capability) =>
      capability.platform === platform && capability.refuse && capability.codes !== null
        ? [capability.codes]
        : [],
    );
    const outside = ranges.filter(([min, max]) => code < min || code > max);
    if (outside.length === 0) continue;
    const place = ['then', 'refuse', 'code', platform].reduce<Node>(
      (node, key) => childOf(node, key, undefined),
      rule.node,
    );
    const possible = [...new Set(ranges.map(([min, max]) => `${min} to ${max}`))].join(', ');
    const isError = outside.length === ranges.length;
    report(
      problemAt(
        place,
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

/** Platforms to which the condition limits the rule; `undefined` when it does not. */
function platformsOf(condition: Condition): { has(platform: string): boolean } | undefined {
  const members = condition.type === 'all' ? condition.members : [condition];
  const tests = members.flatMap((member) =>
    member.type === 'leaf' &&
    member.fact === 'platform' &&
    member.right.type === 'operand' &&
    member.operator !== 'exists'
      ? [testOf(member.operator, member.right)]
      : [],
  );
  return tests.length === 0 ? undefined : { has: (platform) => tests.every((test) => test(platform)) };
}
