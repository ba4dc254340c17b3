/** What `callgate explain` is asked about: a request or facts, from a file or standard input. */
import { readFileSync } from 'node:fs';
import { unlockUrl, type App, type Failure } from '../../adapters/index.js';
import type { Event } from '../../engine/event.js';
import { enumerate } from '../../engine/nearest.js';
import type { Problem } from '../../engine/problem.js';
import { recognizeApp } from '../../server/recognize.js';
import { SHARED_PATH } from '../../store/config-schema.js';
import { formatProblems } from '../../store/report.js';
import { locateProblem } from '../../store/source.js';
import { readYaml } from '../../store/yaml-file.js';
import { parseGiven, type GivenScope } from '../suite/given.js';
import { UserError } from '../suite/user-error.js';
import type { RequestDraft } from '../suite/wire.js';

const STDIN = '-';

export interface RequestOptions {
  readonly app?: string;
  readonly command?: string;
  readonly url?: string;
  readonly header?: readonly string[];
}

export interface RequestInput {
  /** The app that is called; `undefined` where it shall be recognized. */
  readonly app: App | undefined;
  readonly draft: RequestDraft;
}

/** Reads a file, or standard input. @throws UserError when that is not possible */
export function readInput(name: string | undefined): string {
  if (name === undefined && process.stdin.isTTY) {
    throw new UserError('Name a file with the body of a callback, or pipe one in (callgate explain --help).');
  }
  const file = name ?? STDIN;
  try {
    return readFileSync(file === STDIN ? process.stdin.fd : file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw new UserError(`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A request with a body and whatever the options say about the rest. */
export function requestOf(
  text: string,
  options: RequestOptions,
  apps: readonly App[],
  receivedAt: number,
): RequestInput {
  const url = options.url === undefined ? undefined : urlOf(options.url);
  const target = url === undefined ? undefined : targetOf(url, apps);
  const command = options.command ?? target?.subpath;
  return {
    app: options.app === undefined ? target?.app : appNamed(options.app, apps),
    draft: {
      ...(command !== undefined && command !== '' && { command }),
      query: [...(target?.query ?? url?.searchParams ?? [])],
      headers: Object.fromEntries((options.header ?? []).map(headerOf)),
      ...bodyOf(text),
      receivedAt,
    },
  };
}

function urlOf(text: string): URL {
  const base = 'http://localhost';
  if (!URL.canParse(text, base)) throw new UserError(`--url: \`${text}\` is not a URL.`);
  return new URL(text, base);
}

interface Target {
  readonly app: App | undefined;
  /** What follows the app's path and secret. */
  readonly subpath: string;
  readonly query: URLSearchParams;
}

/** The app below whose path a URL lies, and what follows. */
function targetOf(url: URL, apps: readonly App[]): Target | undefined {
  const path = `/${url.pathname
    .split('/')
    .filter((name) => name !== '')
    .join('/')}`;
  const below = (root: string): boolean => `${path}/`.toLowerCase().startsWith(`${root}/`.toLowerCase());
  if (below(SHARED_PATH)) {
    const subpath = path.slice(SHARED_PATH.length + 1);
    return targetIn(recognizeApp(apps, url.searchParams, subpath), subpath, url.searchParams);
  }
  const [app] = apps.filter((one) => below(one.path)).sort((a, b) => b.path.length - a.path.length);
  return app === undefined ? undefined : targetIn(app, path.slice(app.path.length + 1), url.searchParams);
}

function targetIn(app: App | undefined, subpath: string, query: URLSearchParams): Target {
  const called = { subpath, query };
  return { app, ...((app && unlockUrl(app, called)) ?? called) };
}

function appNamed(id: string, apps: readonly App[]): App {
  const app = apps.find((one) => one.id === id);
  if (app !== undefined) return app;
  throw new UserError(
    `--app: there is no app \`${id}\`; configured are ${enumerate(apps.map((one) => one.id))}.`,
  );
}

function headerOf(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  if (colon <= 0) throw new UserError(`--header: \`${text}\` is not of the form "Name: value".`);
  return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()];
}

class PoisonedKey extends Error {}

/** As the server reads bodies; why one cannot be read is part of the explanation. */
function bodyOf(text: string): { body: unknown; bodyFailure?: Failure } {
  try {
    const body: unknown = JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new PoisonedKey('the body has a __proto__ key');
      return value;
    });
    return { body };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = error instanceof PoisonedKey ? reason : `the body is not JSON: ${reason}`;
    return { body: undefined, bodyFailure: { cause: 'unreadable-body', message } };
  }
}

/** An event from facts in YAML or JSON. @throws UserError with all that is wrong with them */
export function factsOf(text: string, file: string, clock: number, scope: GivenScope): Event {
  const yaml = readYaml(file, text);
  if (yaml.problems.length > 0) throw new UserError(formatProblems(yaml.problems));
  const problems: Problem[] = [];
  const event = parseGiven(
    { file, path: [], value: yaml.data },
    clock,
    scope,
    (problem) => void problems.push(problem),
  );
  if (event !== undefined && problems.length === 0) return event;
  throw new UserError(formatProblems(problems.map((problem) => locateProblem(problem, yaml))));
}
