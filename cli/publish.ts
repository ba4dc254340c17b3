/** `callgate publish`: checks, tests and publishes rules for all processes. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Contended, publishRules } from '../fleet/publish.js';
import { ruleContextOf } from '../server/rules.js';
import type { Config } from '../store/config.js';
import { listFolder } from '../store/folder-listing.js';
import { packFiles } from '../store/packed-files.js';
import { formatProblems } from '../store/report.js';
import { readFolderFiles } from '../store/rules-folder.js';
import { checkRules } from './check-project.js';
import { awaitRollout, publishedText, rolloutText } from './fleet/await-rollout.js';
import { addImprintOptions, imprintOf, type ImprintOptions } from './fleet/imprint.js';
import { withFleet, type FleetSession } from './fleet/session.js';
import { reportRun } from './suite/report.js';
import { hasFailed, runSuites } from './suite/session.js';
import { paintFor } from './suite/style.js';
import { orUserError, UserError } from './suite/user-error.js';
import { loadWorkbench } from './suite/workbench.js';

export function registerPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('Check and test the rules of a folder, then publish them for all processes (`rules.redis`).')
    .argument('<folder>', 'rules folder');
  addImprintOptions(command)
    .addHelpText('after', NOTE)
    .action((folder: string, options: ImprintOptions) => orUserError(() => publish(folder, options)));
}

const NOTE = `
A key to sign with, and its public half for \`rules.publicKey\` of the gates:
  openssl genpkey -algorithm ed25519 -out callgate-signing.pem
  openssl pkey -in callgate-signing.pem -pubout -out callgate-public.pem

docs/many-machines.md tells all of it.`;

function publish(named: string, options: ImprintOptions): Promise<void> {
  return withFleet(options.config, async (session) => {
    const imprint = await imprintOf(session, options);
    const { packed, revision } = await checkedRules(session.config, resolve(named));
    const record = await orContended(publishRules(session.releases, packed, revision, imprint));
    process.stdout.write(`${publishedText(record, imprint.privateKey !== undefined)}\n`);
    await tellRollout(session, record.number, options.wait);
  });
}

/** Waits, prints, and fails when somebody has not taken it. */
export async function tellRollout({ redis }: FleetSession, number: number, seconds: number): Promise<void> {
  const rollout = await awaitRollout(redis, number, seconds);
  process.stdout.write(`${rolloutText(rollout)}\n`);
  if (rollout.missing.length > 0) process.exitCode = 1;
}

export async function orContended<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Contended ? new UserError(error.message) : error;
  }
}

interface CheckedRules {
  readonly packed: Buffer;
  readonly revision: string;
}

/** What is packed is what was checked and tested. @throws UserError when there is a mistake */
async function checkedRules(config: Config, folder: string): Promise<CheckedRules> {
  const before = await listFolder(folder);
  const { problems, rules } = await checkRules(folder, ruleContextOf(config));
  if (rules === null) throw new UserError(formatProblems(problems));
  if (problems.length > 0) process.stdout.write(`${formatProblems(problems)}\n\n`);
  await test(config, folder);
  const { listing, files } = await readFolderFiles(folder);
  if (listing.signature !== before.signature) {
    throw new UserError('The rules were changed meanwhile; nothing was published.');
  }
  const kept = files.flatMap(({ file, role, content }) =>
    content.type === 'text' ? [{ file, role, text: content.text }] : [],
  );
  return { packed: await packFiles(kept), revision: rules.revision };
}

async function test(config: Config, folder: string): Promise<void> {
  const bench = await loadWorkbench(config, folder);
  const run = await runSuites(bench, { paths: [folder], coverage: false });
  if (hasFailed(run)) {
    const report = await reportRun(run, bench, paintFor(process.stderr, process.env));
    throw new UserError(`${report}\n\nNothing was published.`);
  }
  const cases = run.suites.reduce((sum, { results }) => sum + results.length, 0);
  process.stdout.write(`Checked: ${cases} tests and ${run.examples} examples passed.\n`);
}
