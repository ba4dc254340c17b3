/** Where rules come from, in words. */
import { PUBLISHED_PLACE } from '../fleet/published-origin.js';
import type { RulesSettings } from '../store/config.js';
import { forPeople } from './paths.js';

/** What stands before the names of rule files in reports. */
export function rulesPlaceOf(rules: RulesSettings): string {
  return rules.type === 'folder' ? forPeople(rules.folder) : PUBLISHED_PLACE;
}
