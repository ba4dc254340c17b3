/** All platforms. The only file of the adapters that the rest of the program imports, besides types. */
import type { Capability } from '../engine/capability.js';
import type { Adapter, CalledUrl } from './adapter.js';
import type { BlindSpot } from './blind-spots.js';
import type { OpenimApp } from './openim/app.js';
import { BLIND_SPOTS as OPENIM_BLIND_SPOTS } from './openim/blind-spots.js';
import { secretTestOf, unlock } from './openim/caller.js';
import { openim } from './openim/index.js';
import type { TencentApp } from './tencent/app.js';
import { BLIND_SPOTS as TENCENT_BLIND_SPOTS } from './tencent/blind-spots.js';
import { tencent } from './tencent/index.js';

export type * from './adapter.js';
export type { BlindSpot } from './blind-spots.js';
export { messageOccurrence } from './occurrence.js';
export { secretTest, type SecretTest } from './secret.js';
export type { OpenimApp } from './openim/app.js';
export type { TencentApp } from './tencent/app.js';

/** A configured app of any platform. */
export type App = OpenimApp | TencentApp;

/** Names of all platforms. */
export const PLATFORM_NAMES = ['openim', 'tencent'] as const;

export type PlatformName = App['platform'];

const capabilities: Readonly<Record<PlatformName, readonly Capability[]>> = {
  openim: openim.capabilities,
  tencent: tencent.capabilities,
};

/** What the commands of a platform can tell and carry. */
export function capabilitiesOf(platform: PlatformName): readonly Capability[] {
  return capabilities[platform];
}

const blindSpots: Readonly<Record<PlatformName, readonly BlindSpot[]>> = {
  openim: OPENIM_BLIND_SPOTS,
  tencent: TENCENT_BLIND_SPOTS,
};

/** What the callbacks of a platform do not show. */
export function blindSpotsOf(platform: PlatformName): readonly BlindSpot[] {
  return blindSpots[platform];
}

/** The adapter that serves an app. */
export function adapterFor(app: App): Adapter {
  switch (app.platform) {
    case 'openim':
      return openim.bind(app);
    case 'tencent':
      return tencent.bind(app);
  }
}

/** A URL without the app's secret; `undefined` when it has none, or the app has none. */
export function unlockUrl(app: App, url: CalledUrl): CalledUrl | undefined {
  const opens = app.platform === 'openim' ? secretTestOf(app) : undefined;
  return opens === undefined ? undefined : unlock(url, opens);
}
