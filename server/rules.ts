/** The rule store of a configuration. */
import { capabilitiesOf, PLATFORM_NAMES } from '../adapters/index.js';
import type { RuleContext } from '../engine/rule-set.js';
import type { Config } from '../store/config.js';
import { createRuleStore, type RuleStore, type RuleStoreOptions } from '../store/rule-store.js';
import { createThreadLoader } from '../store/thread-loader.js';

/** What the rules of a configuration are checked against: the commands of its apps' platforms. */
export function ruleContextOf({ apps }: Pick<Config, 'apps'>): RuleContext {
  const configured = new Set(apps.map(({ platform }) => platform));
  return { capabilities: [...configured].flatMap(capabilitiesOf), platforms: PLATFORM_NAMES };
}

/**
 * A store of the configured rules folder. Nothing is read yet.
 *
 * @param onError told of what must not stop the store
 */
export function openRuleStore(
  config: Pick<Config, 'apps' | 'rules'>,
  onError: (error: unknown) => void,
  options: Pick<RuleStoreOptions, 'lastGood' | 'onProgress'> = {},
): RuleStore {
  const loader = createThreadLoader({ context: ruleContextOf(config), onError });
  return createRuleStore({ folder: config.rules, loader, onError, ...options });
}
