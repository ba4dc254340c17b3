/** Which app a request to the shared URL `/callback` is for. */
import type { App } from '../adapters/index.js';

/** Only Tencent puts these into the URL (`1047/34354`); names are compared in lower case. */
const SDK_APP_ID = 'sdkappid';
const TENCENT_MARKS = [SDK_APP_ID, 'callbackcommand'];

/**
 * The Tencent app with the SdkAppid of the query, else the first Tencent app, whose own check then
 * fails; the first OpenIM app for every request without Tencent's marks.
 *
 * @returns `undefined` when no app of the platform is configured
 */
export function recognizeApp<A extends App>(apps: readonly A[], query: URLSearchParams): A | undefined {
  const names = [...query.keys()].map((name) => name.toLowerCase());
  if (!TENCENT_MARKS.some((mark) => names.includes(mark)))
    return apps.find(({ platform }) => platform === 'openim');
  const tencent = apps.filter(({ platform }) => platform === 'tencent');
  // The first that is not empty counts, as for the adapter.
  const sdkAppId = [...query].find(([name, value]) => name.toLowerCase() === SDK_APP_ID && value !== '')?.[1];
  return tencent.find((app) => app.platform === 'tencent' && app.sdkAppId === sdkAppId) ?? tencent[0];
}
