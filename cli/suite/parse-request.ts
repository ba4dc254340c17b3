/** Reads the `request` of a case. */
import { PLATFORM_NAMES, type App } from '../../adapters/index.js';
import { hintFor } from '../../engine/nearest.js';
import {
  problemAt,
  readEntries,
  readMapping,
  readText,
  readWord,
  type Node,
  type Report,
} from '../../engine/parse/node.js';
import { REQUEST_SHAPE } from './shapes.js';
import type { CaseInput } from './suite.js';

export interface RequestContext {
  readonly apps: readonly App[];
  /** The app of the suite. */
  readonly app: App | undefined;
  /** Reads a JSON file that is named relative to the suite; reports at the node when that fails. */
  readJson(name: string, node: Node, report: Report): unknown;
}

export function parseRequest(
  node: Node,
  receivedAt: number,
  context: RequestContext,
  report: Report,
): CaseInput | undefined {
  const members = readMapping(node, REQUEST_SHAPE, '`request`', report);
  if (members === undefined) return undefined;
  const { app, platform, command, body, file, query, headers } = members;
  const name = command === undefined ? undefined : readText(command, report);
  const called =
    app === undefined
      ? (appOfPlatform(platform, context.apps, report) ?? context.app)
      : readApp(app, context.apps, report);
  if (body === undefined && file === undefined) {
    report(problemAt(node, 'missing-key', '`body` or `file` is missing in `request`.'));
    return undefined;
  }
  const fileName = file === undefined ? undefined : readText(file, report);
  const fromFile =
    file === undefined || fileName === undefined ? undefined : context.readJson(fileName, file, report);
  const draft = {
    ...(name !== undefined && { command: name }),
    query: query === undefined ? [] : parseParameters(query, report),
    headers: Object.fromEntries(
      (headers === undefined ? [] : parseParameters(headers, report)).map(([key, value]) => [
        key.toLowerCase(),
        value,
      ]),
    ),
    body: body === undefined ? fromFile : body.value,
    receivedAt,
  };
  return { type: 'request', app: called, draft };
}

/** Reads the name of a configured app. */
export function readApp(node: Node, apps: readonly App[], report: Report): App | undefined {
  const id = readText(node, report);
  const app = apps.find((candidate) => candidate.id === id);
  if (id !== undefined && app === undefined) {
    const hint = hintFor(
      id,
      apps.map((candidate) => candidate.id),
    );
    report(problemAt(node, 'wrong-value', `There is no app \`${id}\` in the configuration.`, { hint }));
  }
  return app;
}

function appOfPlatform(node: Node | undefined, apps: readonly App[], report: Report): App | undefined {
  const platform = node === undefined ? undefined : readWord(node, PLATFORM_NAMES, report);
  if (node === undefined || platform === undefined) return undefined;
  const app = apps.find((candidate) => candidate.platform === platform);
  if (app === undefined) {
    report(problemAt(node, 'wrong-value', `No app of the platform \`${platform}\` is configured.`));
  }
  return app;
}

/** URL parameters and headers are texts; a number stands for its digits. */
function parseParameters(node: Node, report: Report): readonly (readonly [string, string])[] {
  return readEntries(node, report).flatMap(([name, member]) => {
    const value = typeof member.value === 'number' ? String(member.value) : readText(member, report);
    return value === undefined ? [] : [[name, value] as const];
  });
}
