/** config.yaml as typed settings. */
import { dirname, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { App, OpenimApp, TencentApp } from '../adapters/index.js';
import type { LocatedProblem, Problem } from '../engine/problem.js';
import {
  completeTls,
  completeTrustProxy,
  type TlsSettings,
  type TrustProxy,
  type TrustProxyData,
} from './access-settings.js';
import { checkConfig, withPlatformHint } from './config-checks.js';
import { CONFIG_SCHEMA } from './config-schema.js';
import { isRecord, mapTexts } from './data.js';
import type { DecisionLogData, DecisionLogSettings } from './decision-log-schema.js';
import { completeLoad, type LoadData, type LoadSettings } from './load-settings.js';
import type { LogSettings, TracingSettings } from './log-schema.js';
import { maskSecrets } from './mask-secrets.js';
import { interpolate, type Environment, type Interpolated } from './interpolate.js';
import { sortProblems } from './report.js';
import { completeRules, type RulesData, type RulesSettings } from './rules-settings.js';
import { AJV_OPTIONS, EXPECTS, pathOf, problemsFromAjv } from './schema-problems.js';
import { LISTEN_WORDS, parseListen, parseSize, type ListenAddress } from './settings.js';
import { locateProblem } from './source.js';
import { completeState, type StateData, type StateSettings } from './state-settings.js';
import { fileProblem, readText } from './read-text.js';
import { readYaml } from './yaml-file.js';

export type { TlsSettings, TrustProxy } from './access-settings.js';
export type { DecisionLogSettings } from './decision-log-schema.js';
export type { LoadSettings } from './load-settings.js';
export type { LogSettings, TracingSettings } from './log-schema.js';
export type { RulesSettings } from './rules-settings.js';
export type { ListenAddress } from './settings.js';
export type { StateSettings } from './state-settings.js';

/** The settings, checked and complete. */
export interface Config {
  readonly server: LoadSettings & {
    readonly listen: ListenAddress;
    /** Bytes. */
    readonly bodyLimit: number;
    readonly trustProxy?: TrustProxy;
    readonly tls?: TlsSettings;
  };
  readonly admin: {
    readonly listen: ListenAddress;
    readonly token?: string;
    /** Names under which operators reach it, besides the usual ones. */
    readonly hosts?: readonly string[];
    readonly tls?: TlsSettings;
  };
  readonly rules: RulesSettings;
  readonly state: StateSettings;
  readonly decisionLog: DecisionLogSettings;
  readonly log: LogSettings;
  readonly tracing: TracingSettings;
  readonly apps: readonly App[];
}

/** Settings from elsewhere, such as the command line; they win over the file. */
export interface ConfigOverrides {
  /** `server.listen`. */
  readonly listen?: string;
}

/** Outcome of reading: a configuration unless there are problems. */
export interface ConfigResult {
  readonly config: Config | null;
  readonly problems: readonly LocatedProblem[];
}

export interface ConfigSource {
  /** Path of the file as problems shall name it; a relative one is relative to the working folder. */
  readonly file: string;
  readonly environment: Environment;
  readonly overrides?: ConfigOverrides;
}

/** Bytes of a configuration file that are read. */
const MOST_BYTES = 1024 * 1024;

/** Name of the override in problems, and what people type. */
const LISTEN_OPTION = '--listen';

/** The data that the schema lets through, defaults filled in. */
interface ConfigData {
  readonly server: LoadData &
    Omit<Config['server'], 'listen' | 'bodyLimit' | 'trustProxy' | keyof LoadData> & {
      readonly listen: string;
      readonly bodyLimit: string | number;
      readonly trustProxy?: TrustProxyData;
    };
  readonly admin: Omit<Config['admin'], 'listen'> & { readonly listen: string };
  readonly rules: RulesData;
  readonly state: StateData;
  readonly decisionLog: DecisionLogData;
  readonly log: LogSettings;
  readonly tracing: TracingSettings;
  readonly apps: readonly (
    OpenimApp | (Omit<TencentApp, 'sdkAppId'> & { readonly sdkAppId: string | number })
  )[];
}

const validate = new Ajv2020({
  ...AJV_OPTIONS,
  useDefaults: true,
  allowUnionTypes: true,
  keywords: [EXPECTS],
}).compile<ConfigData>(CONFIG_SCHEMA);

/** Reads the configuration file. Never rejects: whatever is wrong is among the problems. */
export async function loadConfig(source: ConfigSource): Promise<ConfigResult> {
  const read = await readText(source.file, source.file, MOST_BYTES);
  switch (read.type) {
    case 'text':
      return readConfig(read.text, source);
    case 'problem':
      return { config: null, problems: [read.problem] };
    case 'absent': {
      const hint = 'Name another one with --config FILE.';
      return { config: null, problems: [fileProblem(source.file, 'There is no such file.', { hint })] };
    }
  }
}

/** Reads the text of a configuration file. */
export function readConfig(text: string, { file, environment, overrides = {} }: ConfigSource): ConfigResult {
  const yaml = readYaml(file, text, maskSecrets(text));
  if (yaml.problems.length > 0) return { config: null, problems: yaml.problems };
  const interpolated = interpolate(yaml.data ?? {}, environment, file);
  const wrongOverrides = checkOverrides(overrides);
  const data = spelledOut(
    wrongOverrides.length > 0 ? interpolated.data : override(interpolated.data, overrides),
    interpolated,
  );
  const isValid = validate(data);
  const schema = problemsFromAjv(validate.errors ?? [], data, file);
  const found = withoutConsequences(
    [...schema, ...withoutConsequences(checkConfig(data, file), schema)],
    interpolated.problems,
  );
  const problems = [
    ...wrongOverrides,
    ...[...interpolated.problems, ...found].map((problem) =>
      locateProblem(withPlatformHint(problem, data), yaml),
    ),
  ];
  if (isValid && problems.length === 0) return { config: complete(data, file), problems };
  return { config: null, problems: sortProblems(problems) };
}

function override(data: unknown, { listen }: ConfigOverrides): unknown {
  if (listen === undefined || !isRecord(data)) return data;
  const server = data['server'] ?? {};
  return { ...data, server: isRecord(server) ? { ...server, listen } : server };
}

function checkOverrides({ listen }: ConfigOverrides): readonly LocatedProblem[] {
  if (listen === undefined || parseListen(listen) !== undefined) return [];
  return [fileProblem(LISTEN_OPTION, `Expected ${LISTEN_WORDS}.`, { code: 'wrong-value' })];
}

/** Variables are texts; where the schema wants a number or a boolean, a text that spells one becomes it. */
function spelledOut(data: unknown, { replaced }: Interpolated): unknown {
  validate(data);
  const wrong = new Set(
    (validate.errors ?? [])
      .filter(({ keyword }) => keyword === 'type')
      .map(({ instancePath }) => JSON.stringify(pathOf(instancePath, data)))
      .filter((path) => replaced.has(path)),
  );
  return mapTexts(data, (text, path) => (wrong.has(JSON.stringify(path)) ? valueOf(text) : text));
}

function valueOf(text: string): string | number | boolean {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** Leaves out what was found at a place that has a problem already. */
function withoutConsequences(found: readonly Problem[], causes: readonly Problem[]): readonly Problem[] {
  const places = new Set(causes.map(({ path }) => JSON.stringify(path)));
  return found.filter(({ path }) => !places.has(JSON.stringify(path)));
}

function complete(
  { server, admin, rules, state, decisionLog, log, tracing, apps }: ConfigData,
  file: string,
): Config {
  return {
    server: {
      listen: addressOf(server.listen),
      bodyLimit: bytesOf(server.bodyLimit),
      ...completeLoad(server),
      ...completeTrustProxy(server.trustProxy),
      ...completeTls(server.tls, dirname(file)),
    },
    admin: { ...admin, listen: addressOf(admin.listen), ...completeTls(admin.tls, dirname(file)) },
    rules: completeRules(rules, file),
    state: completeState(state, file),
    decisionLog: completeDecisionLog(decisionLog, file),
    log,
    tracing,
    apps: apps.map((app) => (app.platform === 'tencent' ? { ...app, sdkAppId: String(app.sdkAppId) } : app)),
  };
}

function completeDecisionLog(data: DecisionLogData, file: string): DecisionLogSettings {
  return {
    ...data,
    file: resolve(dirname(file), data.file),
    rotate: { ...data.rotate, size: bytesOf(data.rotate.size) },
    buffer: bytesOf(data.buffer),
  };
}

function addressOf(text: string): ListenAddress {
  return checked(parseListen(text));
}

function bytesOf(size: string | number): number {
  return checked(parseSize(size));
}

/** What the checks have let through can be read. */
function checked<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A setting was let through that cannot be read.');
  return value;
}
