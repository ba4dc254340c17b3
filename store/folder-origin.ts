/** Rules from a folder that somebody edits. */
import { listFolder } from './folder-listing.js';
import { watchFolder } from './folder-watch.js';
import type { RuleOrigin } from './rule-origin.js';

/**
 * A save is in force about 150 ms later: editors and `git checkout` write in several steps, closer
 * together than `quiet`; `atMost` bounds the wait when changes never end.
 */
const SETTLE = { quiet: 100, atMost: 500 };
const WATCH = { identityInterval: 250, scanInterval: 2000 };

/**
 * Milliseconds within which two writes may get the same time stamp (4 ms or 10 ms on Linux, with some
 * room). A file that young may change once more without a trace.
 */
const TIMESTAMP_GRAIN = 50;

interface LastRead {
  readonly signature: string;
  /** Whether an equal signature proves that nothing changed since. */
  readonly isCertain: boolean;
}

/** @param folder absolute path */
export function createFolderOrigin(folder: string): RuleOrigin {
  let lastRead: LastRead | undefined;
  let folders: ReadonlyMap<string, string> = new Map();

  return {
    place: folder,
    settle: SETTLE,
    find: () => Promise.resolve({ source: { type: 'folder', path: folder }, release: null }),
    loaded({ folder: state }, at) {
      if (state === null) {
        lastRead = undefined;
        return;
      }
      const { signature, changedAt } = state;
      const isSameFolder = lastRead?.signature === signature;
      lastRead = { signature, isCertain: isSameFolder || changedAt < at - TIMESTAMP_GRAIN };
      folders = state.folders;
    },
    latestRelease: () => null,
    async hasChanged() {
      const listing = await listFolder(folder);
      if (lastRead?.isCertain !== true || lastRead.signature !== listing.signature) return true;
      folders = listing.folders;
      return false;
    },
    async watch(events) {
      const watch = await watchFolder({ folder, folders, ...events, ...WATCH });
      return { follow: () => watch.follow(folders), close: () => watch.close() };
    },
  };
}
