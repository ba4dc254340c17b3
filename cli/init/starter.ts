/** The files that a new project starts with: the shipped configuration, rules and tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { PlatformName } from '../../adapters/index.js';
import { packageRoot } from '../../server/version.js';
import { explainApps } from './comments.js';
import { cutText } from './cut.js';

const CONFIG = 'config.yaml';
const RULES = 'rules';

export interface StarterFile {
  /** Relative to the project, with `/` on every system. */
  readonly path: string;
  readonly text: string;
}

/**
 * The files for some platforms.
 *
 * @param folder of the project; editors find the schemas from there
 */
export function starterFiles(platforms: readonly PlatformName[], folder: string): readonly StarterFile[] {
  const read = (path: string): string => readFileSync(join(packageRoot, path), 'utf8');
  const whole = read(CONFIG);
  const config = { path: CONFIG, text: explainApps(cutText(whole, platforms) ?? '', whole) };
  const paths = readdirSync(join(packageRoot, RULES), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(packageRoot, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const yaml = paths
    .filter((path) => path.endsWith('.yaml'))
    .flatMap((path) => {
      const text = cutText(read(path), platforms);
      return text === undefined ? [] : [{ path, text }];
    });
  const written = [config, ...yaml];
  const others = paths
    .filter((path) => !path.endsWith('.yaml') && isNamed(path, written))
    .map((path) => ({ path, text: read(path) }));
  return [...written.map((file) => withSchema(file, folder)), ...others];
}

/** Whether a list or a body is used by what is written. */
function isNamed(path: string, files: readonly StarterFile[]): boolean {
  return files.some(({ text }) => text.includes(basename(path)));
}

/** Leads editors to the schema of this installation. */
function withSchema({ path, text }: StarterFile, folder: string): StarterFile {
  const target = dirname(resolve(folder, path));
  const toSchema = (name: string): string =>
    relative(target, join(packageRoot, 'docs', 'schema', name))
      .split(sep)
      .join('/');
  return {
    path,
    text: text.replace(
      /(\$schema=)\S*\/([\w.-]+\.json)/,
      (_, key: string, name: string) => key + toSchema(name),
    ),
  };
}
