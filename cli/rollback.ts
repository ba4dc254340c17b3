/** `callgate rollback`: publishes the rules of an earlier release again. */
import type { Command } from 'commander';
import { NoSuchRelease } from '../fleet/history.js';
import { publishAgain } from '../fleet/publish.js';
import type { ReleaseRecord } from '../fleet/record.js';
import { publishedText } from './fleet/await-rollout.js';
import { addImprintOptions, imprintOf, type ImprintOptions } from './fleet/imprint.js';
import { withFleet } from './fleet/session.js';
import { orContended, tellRollout } from './publish.js';
import { orUserError, UserError } from './suite/user-error.js';

export function registerRollback(program: Command): void {
  const command = program
    .command('rollback')
    .description('Publish the rules of an earlier release again, as a new release.')
    .argument('[release]', 'number or revision (default: the last one with other rules)');
  addImprintOptions(command).action((named: string | undefined, options: ImprintOptions) =>
    orUserError(() => rollback(named, options)),
  );
}

function rollback(named: string | undefined, options: ImprintOptions): Promise<void> {
  return withFleet(options.config, async (session) => {
    const imprint = await imprintOf(session, options);
    const record = await orNoSuch(orContended(publishAgain(session.releases, named, imprint)));
    process.stdout.write(`${publishedText(record, imprint.privateKey !== undefined)}\n`);
    await tellRollout(session, record.number, options.wait);
  });
}

async function orNoSuch(work: Promise<ReleaseRecord>): Promise<ReleaseRecord> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof NoSuchRelease ? new UserError(error.message) : error;
  }
}
