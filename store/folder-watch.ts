/**
 * Tells that something may have changed in a folder, sooner rather than too late.
 *
 * chokidar reports changes within milliseconds, but what it watches are the directories and files that
 * had the names when it began. Three things it cannot tell: that the folder (or a link on the way to
 * it) was replaced by another, that a missing folder came back, and anything on file systems without
 * notification, such as some network and overlay ones. So two timers stand behind it: one asks a few
 * times a second which directory has the name (a single `stat`), a slow one asks for a look at
 * everything.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { watch, type FSWatcher } from 'chokidar';
import { isDropping } from './folder-listing.js';

/** Milliseconds after which watching counts as begun: chokidar says nothing when it cannot. */
const READY_LIMIT = 5000;

export interface FolderWatch {
  /**
   * Says which directories lie behind the names now. Where a name has got another directory since the
   * last time, watching begins anew.
   */
  follow(folders: ReadonlyMap<string, string>): Promise<void>;
  close(): Promise<void>;
}

export interface FolderWatchOptions {
  /** Absolute path. It need not be there. */
  readonly folder: string;
  /** Which directories lie behind the names, as for {@link FolderWatch.follow}. */
  readonly folders: ReadonlyMap<string, string>;
  /** Something may have changed. Called often; a call without any change is possible. */
  readonly onChange: () => void;
  /** A file or folder has changed that could be content; `onChange` is called as well. */
  readonly onContent?: () => void;
  /** Changes may be noticed late from now on, such as when the system's watches are used up. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds between two questions which directory has the name. */
  readonly identityInterval: number;
  /** Milliseconds between two looks at everything. */
  readonly scanInterval: number;
}

/** Begins to watch. Resolves when changes from now on will be noticed. */
export async function watchFolder(options: FolderWatchOptions): Promise<FolderWatch> {
  const { folder, onChange, onContent, onError, identityInterval, scanInterval } = options;
  let known = options.folders;
  const closing = new AbortController();
  const isClosed = (): boolean => closing.signal.aborted;
  let watcher = await open();
  const scanTimer = setInterval(onChange, scanInterval);
  const identityTimer = setInterval(() => void compareIdentity(), identityInterval);
  scanTimer.unref();
  identityTimer.unref();

  function onNews(): void {
    onContent?.();
    onChange();
  }

  /** `raw` matters: swapping a hidden link such as a ConfigMap's `..data` is no event of its own for chokidar. */
  async function open(): Promise<FSWatcher> {
    const opened = watch(folder, {
      ignoreInitial: true,
      ignorePermissionErrors: true,
      ignored: (path) => path !== folder && isNoise(basename(path)),
    });
    opened.on('all', onNews).on('raw', onChange).on('error', onError);
    const isReady = new Promise<void>((resolve) => opened.once('ready', resolve));
    await Promise.race([isReady, delay(READY_LIMIT, undefined, { ref: false })]);
    return opened;
  }

  async function compareIdentity(): Promise<void> {
    const identity = await identityOf(folder);
    if (!isClosed() && identity !== known.get('.')) onChange();
  }

  return {
    async follow(folders) {
      const isReplaced = [...known].some(([name, identity]) => (folders.get(name) ?? identity) !== identity);
      const isBack = !known.has('.') && folders.has('.');
      known = folders;
      if (isClosed() || !(isReplaced || isBack)) return;
      const old = watcher;
      watcher = await open();
      await old.close();
      // `close` came meanwhile and could only close the old one.
      if (isClosed()) return watcher.close();
      // What changed while the new watcher was getting ready.
      onChange();
    },
    async close() {
      closing.abort();
      clearInterval(scanTimer);
      clearInterval(identityTimer);
      return watcher.close();
    },
  };
}

/** Names beginning with two dots are where ConfigMaps keep their data. */
function isNoise(name: string): boolean {
  return isDropping(name) && !name.startsWith('..');
}

async function identityOf(folder: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
