/** Talks to the admin listener of a running gate. */
import { originOf } from '../../server/address.js';
import { loadConfig, type Config } from '../../store/config.js';
import { isRecord, type JsonRecord } from '../../store/data.js';
import { formatProblems } from '../../store/report.js';
import { configFileOf } from '../config-file.js';
import { UserError } from '../suite/user-error.js';

export interface AdminOptions {
  readonly config?: string;
  /** Where the admin listener is, instead of where the configuration says. */
  readonly url?: string;
  readonly token?: string;
}

export interface AdminClient {
  /**
   * @param path as it stands in a URL
   * @param body sent as JSON
   * @throws UserError when the gate cannot be reached, or refuses
   */
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<JsonRecord>;
}

/** The gate answered that there is no such thing. */
export class NotThere extends UserError {}

/** Milliseconds that an answer may take. */
const TIME_LIMIT = 30_000;
const TOKEN_VARIABLE = 'CALLGATE_ADMIN_TOKEN';

/** @throws UserError when it cannot be known where the gate is */
export async function openAdminClient(options: AdminOptions): Promise<AdminClient> {
  const { origin, token } = await addressOf(options);
  const authorization = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
  return {
    async ask(method, path, body) {
      const response = await send(`${origin}${path}`, {
        method,
        headers: { ...authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIME_LIMIT),
      });
      const text = await response.text();
      const data = parse(text);
      if (response.ok && data !== undefined) return data;
      const said = typeof data?.['error'] === 'string' ? data['error'] : text.trim();
      if (response.status === 404 && data !== undefined) throw new NotThere(said);
      throw new UserError(`${origin} answers ${response.status}: ${said === '' ? 'nothing more' : said}`);
    },
  };
}

async function send(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    const hint = 'Is the gate running? --url names another admin listener.';
    throw new UserError(`${new URL(url).origin} cannot be reached: ${reasonOf(error)}. ${hint}`);
  }
}

/** `fetch` tells what happened in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

async function addressOf({
  config: named,
  url,
  token,
}: AdminOptions): Promise<{ readonly origin: string; readonly token: string | undefined }> {
  if (url !== undefined) return { origin: originIn(url), token: token ?? process.env[TOKEN_VARIABLE] };
  const { config, problems } = await loadConfig({ file: configFileOf(named), environment: process.env });
  if (config === null) throw new UserError(formatProblems(problems));
  return { origin: adminOriginOf(config), token: token ?? config.admin.token ?? process.env[TOKEN_VARIABLE] };
}

function originIn(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UserError(`--url: expected the URL of an admin listener, such as http://127.0.0.1:8081.`);
  }
  return url.origin;
}

/** A listener on all addresses is reached on this machine's own. */
function adminOriginOf({ admin }: Config): string {
  const { host, port } = admin.listen;
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return originOf({ host: own, port }, admin.tls === undefined ? 'http' : 'https');
}

function parse(text: string): JsonRecord | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return isRecord(data) ? data : undefined;
  } catch {
    return undefined;
  }
}
