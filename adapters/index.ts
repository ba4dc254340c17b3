/** All platforms. The only file of the adapters that the rest of the program imports, besides types. */
import type { Capability } from '../engine/capability.js';
import type { Adapter } from './adapter.js';
import type { OpenimApp } from './openim/app.js';
import { openim } from './openim/index.js';
import type { TencentApp } from './tencent/app.js';
import { tencent } from './tencent/index.js';

export type * from './adapter.js';
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

/** The adapter that serves an app. */
export function adapterFor(app: App): Adapter {
  switch (app.platform) {
    case 'openim':
      return openim.bind(app);
    case 'tencent':
      return tencent.bind(app);
  }
}
