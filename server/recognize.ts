/** Which app a request to the shared URL `/callback` is for. */
import { unlockUrl, type App } from '../adapters/index.js';

/** Only Tencent puts these into the URL (`1047/34354`); names are compared in lower case. */
const SDK_APP_ID = 'sdkappid';
const TENCENT_MARKS = [SDK_APP_ID, 'callbackcommand'];

/**
 * The Tencent app with the SdkAppid of the query, else the first Tencent app, whose own check then
 * fails. Every request without Tencent's marks is for the OpenIM app whose secret it has, else for the
 * first that wants none, else for the first, whose own check then fails.
 *
 * @param subpath what follows the shared path, without slashes at either end
 * @returns `undefined` when no app of the platform is configured
 */
export function recognizeApp<A extends App>(
  apps: readonly A[],
  query: URLSearchParams,
  subpath = '',
): A | undefined {
  const names = [...query.keys()].map((name) => name.toLowerCase());
  if (!TENCENT_MARKS.some((mark) => names.includes(mark))) return recognizeOpenim(apps, query, subpath);
  const tencent = apps.filter(({ platform }) => platform === 'tencent');
  // The first that is not empty counts, as for the adapter.
  const sdkAppId = [...query].find(([name, value]) => name.toLowerCase() === SDK_APP_ID && value !== '')?.[1];
  return tencent.find((app) => app.platform === 'tencent' && app.sdkAppId === sdkAppId) ?? tencent[0];
}

function recognizeOpenim<A extends App>(
  apps: readonly A[],
  query: URLSearchParams,
  subpath: string,
): A | undefined {
  const openim = apps.filter(({ platform }) => platform === 'openim');
  return (
    openim.find((app) => unlockUrl(app, { subpath, query }) !== undefined) ??
    openim.find((app) => app.platform === 'openim' && app.secret === undefined) ??
    openim[0]
  );
}
