/** Tells operators about reloads once, although each worker reloads by itself. */
import { createAnnouncer, type AnnouncerParts } from '../announce.js';
import type { Reload, RuleStoreStatus } from '../../store/rule-store.js';

/** Like the announcer of one process, but silent about a revision that the last announcement was about. */
export function createFleetAnnouncer(parts: AnnouncerParts) {
  const announce = createAnnouncer(parts);
  let last: string | undefined;

  return (reload: Reload, rules: RuleStoreStatus): void => {
    const news = `${reload.outcome === 'refused' ? 'refused' : 'in force'} ${reload.revision ?? ''}`;
    if (reload.outcome !== 'refused' && news === last) return;
    last = news;
    announce(reload, rules);
  };
}
