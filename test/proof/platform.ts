/** Both platforms as callers: where they send a command, and how to read what comes back. */
import { isArray, isJsonObject } from '../../adapters/path.js';
import type { App, JsonObject } from '../../adapters/index.js';
import { catalogOf, type CatalogEntry } from '../contract/catalog.js';
import { OPENIM_WIRE } from '../contract/openim-wire.js';
import { TENCENT_WIRE } from '../contract/tencent-wire.js';
import type { Wire } from '../contract/wire.js';

export interface Caller {
  readonly wire: Wire;
  readonly catalog: readonly CatalogEntry[];
  /** Path and query of a command at an app. */
  urlOf(app: App, command: string): string;
  /** A body that the platform never asks about, so that it must pass. */
  isExempt(entry: CatalogEntry, body: JsonObject): boolean;
}

export const OPENIM: Caller = {
  wire: OPENIM_WIRE,
  catalog: catalogOf('openim'),
  urlOf: (app, command) => `${app.path}/${command}`,
  // openim.md of the servers' sources: group sends call back for notifications, which must be allowed.
  isExempt: ({ expected, spec }, { contentType, msgFrom, content }) =>
    spec.stage === 'before' &&
    expected.kind === 'message.send' &&
    Number(contentType) >= 1000 &&
    Number(contentType) <= 5000 &&
    msgFrom === 200 &&
    content === '',
};

export const TENCENT: Caller = {
  wire: TENCENT_WIRE,
  catalog: catalogOf('tencent'),
  urlOf: (app, command) => {
    const sdkAppId = app.platform === 'tencent' ? app.sdkAppId : '';
    const query = new URLSearchParams({
      SdkAppid: sdkAppId,
      CallbackCommand: command,
      contenttype: 'json',
      ClientIP: '203.0.113.7',
      OptPlatform: 'Android',
    });
    return `${app.path}?${query.toString()}`;
  },
  isExempt: () => false,
};

export type WireVerdict = 'allow' | 'refuse' | 'mixed';

/** What a reply says to the platform. */
export function verdictOf({ wire }: Caller, { spec }: CatalogEntry, reply: JsonObject): WireVerdict {
  const items = reply['ResultItem'];
  const count = spec.partial?.form === 'verdicts' && isArray(items) ? items.length : 0;
  const refusals = wire.refusalCodes(spec, reply).length;
  if (count > 0) return refusals === 0 ? 'allow' : refusals === count ? 'refuse' : 'mixed';
  const isRefused = refusals > 0 || Number(reply['ErrorCode'] ?? 0) !== 0;
  return isRefused ? 'refuse' : 'allow';
}

/** The body as a strict reader of JSON sees it; `undefined` when it is no JSON object. */
export function bodyOf(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
