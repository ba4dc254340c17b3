/** What to switch on in the console of Tencent Cloud Chat. */
import type { TencentApp } from '../../adapters/index.js';
import type { Needs, SwitchNeed } from './needs.js';

/** Text for people, with a line break at its end. */
export function consoleSwitches(needs: Needs, app: TencentApp, url: string): string {
  return [
    `For the callback configuration in the console of SDKAppID ${app.sdkAppId}, app \`${app.id}\`.`,
    '',
    `Callback URL (a changed one takes about two minutes): ${url}`,
    app.token === undefined
      ? 'Authentication: off. Switch it on, and put its token into the app as `token`.'
      : 'Authentication: on, with the token that the app has.',
    '',
    ...(needs.switches.length === 0
      ? ['No rule needs a callback of Tencent.', '']
      : ['Switch on, each with the rules that need it:', '', ...needs.switches.flatMap(entry)]),
    ...notes(
      'What no callback of Tencent shows to rules:',
      needs.unseen.map(({ rule, kind, reason }) => `${rule} (${kind}): ${reason}`),
    ),
    ...notes('What to know about these callbacks:', needs.blindSpots),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function entry({ name, commands, others, rules }: SwitchNeed): readonly string[] {
  const along = [...commands, ...others].filter((command) => command !== name);
  const shared = along.length === 0 ? '' : ` (the same switch as ${along.join(', ')})`;
  return [`  ${name}${shared}`, `      ${rules.join(', ')}`];
}

function notes(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  - ${line}`)];
}
