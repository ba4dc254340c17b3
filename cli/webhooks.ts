/** `callgate webhooks`: what to switch on at a platform, so that the rules see what they need. */
import type { Command } from 'commander';
import { PLATFORM_NAMES, type App, type PlatformName } from '../adapters/index.js';
import { originOf } from '../server/address.js';
import { loadConfig, type Config } from '../store/config.js';
import { formatProblems } from '../store/report.js';
import { configFileOf } from './config-file.js';
import { orUserError, UserError } from './suite/user-error.js';
import { openWorkbench } from './suite/workbench.js';
import { needsOf, type Needs } from './webhooks/needs.js';
import { webhooksYaml } from './webhooks/openim.js';
import { consoleSwitches } from './webhooks/tencent.js';

interface WebhooksOptions {
  readonly config?: string;
  readonly rules?: string;
  readonly app?: string;
  readonly url?: string;
  readonly json?: true;
}

const PRINTED: Readonly<Record<PlatformName, string>> = {
  openim: 'Print the entries of config/webhooks.yml (v3.7.0 and later) that the rules need.',
  tencent: "Print the switches of Tencent's console that the rules need.",
};

export function registerWebhooks(program: Command): void {
  const webhooks = program
    .command('webhooks')
    .description('Print what to switch on at a platform, so that the rules see what they need.');
  for (const platform of PLATFORM_NAMES) {
    webhooks
      .command(platform)
      .description(PRINTED[platform])
      .option('--config <file>', 'configuration file (default: config.yaml here, else the shipped one)')
      .option('--rules <folder>', 'rules folder, instead of the configured one')
      .option('--app <id>', 'the app, where several of this platform are configured')
      .option('--url <url>', 'callback URL as the platform reaches it (default: made from server.listen)')
      .option('--json', 'print JSON')
      .action((options: WebhooksOptions) => orUserError(() => print(platform, options)));
  }
}

async function print(platform: PlatformName, options: WebhooksOptions): Promise<void> {
  const { config, problems } = await loadConfig({
    file: configFileOf(options.config),
    environment: process.env,
  });
  if (config === null) throw new UserError(formatProblems(problems));
  const app = appFor(platform, config.apps, options.app);
  const bench = await openWorkbench(options);
  const needs = needsOf(
    platform,
    bench.rules.rules.map(({ rule }) => rule),
    bench.rules.memory,
  );
  const url = options.url ?? urlOf(app, config);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ app: app.id, url, ...needs }, null, 2)}\n`
      : textOf(needs, app, url),
  );
}

/** As it can be reached on the configured address. OpenIM has no other way to say the secret. */
function urlOf(app: App, { server }: Config): string {
  const secret = app.platform === 'openim' && app.secret !== undefined ? `/${app.secret}` : '';
  const origin = originOf(server.listen, server.tls === undefined ? 'http' : 'https');
  return `${origin}${app.path}${secret}`;
}

function appFor(platform: PlatformName, apps: readonly App[], wanted: string | undefined): App {
  const possible = apps.filter((app) => app.platform === platform);
  const ids = possible.map(({ id }) => id).join(', ');
  const [first, second] = possible;
  if (first === undefined) throw new UserError(`No app of the platform ${platform} is configured.`);
  if (wanted === undefined) {
    if (second !== undefined)
      throw new UserError(`Several apps are configured: say --app with one of ${ids}.`);
    return first;
  }
  const found = possible.find(({ id }) => id === wanted);
  if (found === undefined)
    throw new UserError(`--app: there is no ${platform} app \`${wanted}\`, only ${ids}.`);
  return found;
}

function textOf(needs: Needs, app: App, url: string): string {
  switch (app.platform) {
    case 'openim':
      return webhooksYaml(needs, app, url);
    case 'tencent':
      return consoleSwitches(needs, app, url);
  }
}
