/**
 * Makes a fresh or changed clone runnable: installs the dependencies of package-lock.json and builds dist/,
 * each only when needed. Plain Node without dependencies, since it runs before there are any.
 * An installed package has no tsconfig.json; nothing is done there.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 19];
/** Milliseconds after which another run's lock is taken to be left over, whatever it says. */
const LOCK_LIFETIME = 15 * 60_000;
const INSTALL = 'npm ci --include=dev --no-audit --no-fund';

/** A step failed; the message is for humans. */
class PrepareError extends Error {}

/**
 * @param {string} root folder of package.json
 * @param {(text: string) => void} say
 * @throws {PrepareError}
 */
export function prepare(root, say) {
  if (!existsSync(join(root, 'tsconfig.json'))) return;
  checkNode(process.versions.node);
  if (isInstalled(root) && isBuilt(root)) return;
  const unlock = lock(join(root, '.build', 'prepare.lock'), say);
  try {
    if (!isInstalled(root)) install(root, say);
    if (!isBuilt(root)) build(root, say);
  } finally {
    unlock();
  }
}

/** @param {string} version */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new PrepareError(`Callgate needs Node.js ${OLDEST_NODE.join('.')} or newer; this is ${version}.`);
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes node_modules/.package-lock.json when
 * it has finished, so an interrupted installation counts as none.
 *
 * @param {string} root
 */
export function isInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const found = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || found === undefined) return false;
  return Object.entries(wanted).every(
    ([path, { version, integrity, optional }]) =>
      path === '' ||
      (found[path] === undefined
        ? optional === true
        : found[path].version === version && found[path].integrity === integrity),
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} root
 * @param {(text: string) => void} say
 */
function install(root, say) {
  say(`Installing the dependencies (${INSTALL}) ...`);
  // Through a shell, since npm is npm.cmd on Windows; its output must not mix with that of a command.
  const { status, error } = spawnSync(INSTALL, { cwd: root, shell: true, stdio: ['inherit', 2, 'inherit'] });
  if (error !== undefined || status !== 0)
    throw new PrepareError(`The dependencies could not be installed: "${INSTALL}" failed in ${root}.`);
}

/**
 * Whether dist/ was built from exactly the sources that are there now.
 *
 * @param {string} root
 */
export function isBuilt(root) {
  const built = readStamp(root);
  const now = sources(root);
  return (
    built !== undefined &&
    sameNames(built, now) &&
    Object.keys(now).every((name) => built[name] === now[name])
  );
}

/**
 * @param {string} root
 * @param {(text: string) => void} say
 */
function build(root, say) {
  say('Building ...');
  const now = sources(root);
  const built = readStamp(root);
  // tsc leaves the output of deleted sources behind, and tests are found by their file names.
  if (built === undefined || !sameNames(built, now))
    rmSync(join(root, 'dist'), { recursive: true, force: true });
  else rmSync(stampFile(root), { force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', root], {
    cwd: root,
    stdio: ['inherit', 2, 'inherit'],
  });
  if (status !== 0) throw new PrepareError('The sources could not be built.');
  writeFileSync(stampFile(root), JSON.stringify(now));
}

/** @param {string} root */
const stampFile = (root) => join(root, 'dist', '.sources.json');

/**
 * @param {string} root
 * @returns {Record<string, string> | undefined}
 */
function readStamp(root) {
  try {
    return JSON.parse(readFileSync(stampFile(root), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Every file that the build reads, with its size and time of change.
 *
 * @param {string} root
 * @returns {Record<string, string>}
 */
function sources(root) {
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const folders = include.filter((/** @type {string} */ folder) => existsSync(join(root, folder)));
  const files = folders.flatMap((/** @type {string} */ folder) => typescriptFiles(join(root, folder)));
  const all = [...files, join(root, 'tsconfig.json'), join(root, 'package-lock.json')].sort();
  return Object.fromEntries(
    all.map((file) => {
      const { size, mtimeMs } = statSync(file);
      return [relative(root, file).split(sep).join('/'), `${size}:${mtimeMs}`];
    }),
  );
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function typescriptFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return typescriptFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/**
 * @param {Record<string, string>} one
 * @param {Record<string, string>} other
 */
function sameNames(one, other) {
  return Object.keys(one).join('\n') === Object.keys(other).join('\n');
}

/**
 * Waits until no other run is at work here, and keeps others out.
 *
 * @param {string} file
 * @param {(text: string) => void} say
 * @returns {() => void} gives the lock back
 */
function lock(file, say) {
  mkdirSync(dirname(file), { recursive: true });
  for (let isFirst = true; ; isFirst = false) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isLeftOver(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (isFirst) say('Waiting for another run that installs or builds here ...');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

/** @param {string} file */
function isLeftOver(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > LOCK_LIFETIME) return true;
    const owner = Number(readFileSync(file, 'utf8'));
    // Empty for the moment between its creation and its first byte.
    return owner !== 0 && (owner === process.pid || !isRunning(owner));
  } catch {
    return false;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Prepares, or says on standard error why it could not and ends the process. @param {string} root */
export function prepareOrExit(root) {
  const say = (/** @type {string} */ text) => void process.stderr.write(`${text}\n`);
  try {
    prepare(root, say);
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error;
    say(error.message);
    process.exit(1);
  }
}

const file = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === file)
  prepareOrExit(dirname(dirname(file)));
