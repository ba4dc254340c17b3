/** The rule store of a configuration. */
import { capabilitiesOf, PLATFORM_NAMES } from '../adapters/index.js';
import type { LiveLists } from '../engine/live/live-lists.js';
import type { RuleContext } from '../engine/rule-set.js';
import type { Config } from '../store/config.js';
import { createFolderOrigin } from '../store/folder-origin.js';
import type { RuleOrigin } from '../store/rule-origin.js';
import { createRuleStore, type RuleStore, type RuleStoreOptions } from '../store/rule-store.js';
import { createThreadLoader } from '../store/thread-loader.js';

/** What the rules of a configuration are checked against: the commands of its apps' platforms. */
export function ruleContextOf({ apps }: Pick<Config, 'apps'>): RuleContext {
  const configured = new Set(apps.map(({ platform }) => platform));
  return { capabilities: [...configured].flatMap(capabilitiesOf), platforms: PLATFORM_NAMES };
}

/**
 * A store of the configured rules. Nothing is read yet.
 *
 * @param onError told of what must not stop the store
 * @param options `origin` takes the place of the rules folder
 */
export function openRuleStore(
  config: Pick<Config, 'apps' | 'rules'>,
  onError: (error: unknown) => void,
  { origin, live, ...options }: RuleStorePlaces = {},
): RuleStore {
  const loader = createThreadLoader({ context: ruleContextOf(config), onError, live });
  return createRuleStore({ origin: origin ?? folderOf(config), loader, onError, ...options });
}

type RuleStorePlaces = Pick<RuleStoreOptions, 'lastGood' | 'onProgress'> & {
  readonly origin?: RuleOrigin | undefined;
  /** Where the rules find live lists; without it, they are empty. */
  readonly live?: LiveLists | undefined;
};

function folderOf({ rules }: Pick<Config, 'rules'>): RuleOrigin {
  if (rules.type === 'redis') throw new Error('published rules need an origin');
  return createFolderOrigin(rules.folder);
}
