/** The part of OpenIM's config/webhooks.yml that the rules need. */
import type { OpenimApp } from '../../adapters/index.js';
import type { Needs, SwitchNeed } from './needs.js';

/**
 * Seconds that OpenIM shall wait: a reply leaves within the app's deadline, and has a second to travel.
 * OpenIM gives up after 15 seconds whatever this says (openimsdk/tools utils/httputil/http_client.go).
 *
 * @param deadline milliseconds
 */
export function timeoutFor(deadline: number): number {
  return Math.ceil(deadline / 1000) + 1;
}

/** YAML with comments, and a line break at its end. */
export function webhooksYaml(needs: Needs, app: OpenimApp, url: string): string {
  const timeout = timeoutFor(app.deadline);
  return [
    `# For config/webhooks.yml of OpenIM Server (v3.7.0 and later), app \`${app.id}\`.`,
    '# Replace the entries of these names; entries that are not here can stay off.',
    `url: ${JSON.stringify(url)}`,
    '',
    ...(needs.switches.some(({ stage }) => stage === 'before') ? FAILED_CONTINUE : []),
    ...needs.switches.flatMap((need) => entry(need, timeout, app)),
    ...(needs.switches.length === 0 ? ['# No rule needs a callback of OpenIM.', ''] : []),
    ...notes(
      'What OpenIM cannot show to rules:',
      needs.unseen.map(({ rule, kind, reason }) => `${rule} (${kind}): ${reason}`),
    ),
    ...notes('What to know about these callbacks:', needs.blindSpots),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** Open-im-server pkg/common/webhook/http_client.go (v3.7.0 and later), issue 3808. */
const FAILED_CONTINUE = [
  '# failedContinue: releases since v3.7.0 have the key and do not read it. When Callgate is gone or',
  '# slower than the timeout, they fail the operation of the user.',
  '',
];

function entry({ name, stage, rules }: SwitchNeed, timeout: number, app: OpenimApp): readonly string[] {
  return [
    `# ${rules.join(', ')}`,
    `${name}:`,
    '  enable: true',
    `  timeout: ${timeout}`,
    // Entries of reports have no such key (pkg/common/config/config.go, AfterConfig).
    ...(stage === 'before' ? [`  failedContinue: ${app.onFailure === 'allow'}`] : []),
    '',
  ];
}

function notes(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`# ${title}`, ...lines.map((line) => `# - ${line}`), ''];
}
