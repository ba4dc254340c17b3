/** Which configuration file a command uses. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { forPeople } from '../server/paths.js';
import { packageRoot } from '../server/version.js';

const NAME = 'config.yaml';

/** The file that was named, else config.yaml of the working folder, else the shipped one. */
export function configFileOf(named: string | undefined): string {
  if (named !== undefined) return named;
  return existsSync(NAME) ? NAME : forPeople(join(packageRoot, NAME));
}
