/** Tencent's side of the contract, from the reply cookbook and the code ranges of its command families. */
import type { JsonObject, TencentApp } from '../../adapters/index.js';
import { isArray, isJsonObject } from '../../adapters/path.js';
import type { Ruling } from '../../engine/decision.js';
import type { CommandSpec } from './catalog.js';
import { post, type Judged, type Wire } from './wire.js';

const APP: TencentApp = {
  platform: 'tencent',
  id: 'chat',
  path: '/tencent',
  default: 'allow',
  onFailure: 'allow',
  deadline: 800,
  sdkAppId: '1400123456',
};

/** What is added to a refusal's reason, by the start of the command's code range (1047/34364, 34374, 43468). */
const BASE_OF_RANGE: Readonly<Record<number, number>> = { 120_001: 120_000, 10_100: 10_100, 38_000: 38_000 };

function ok(extra: JsonObject = {}): JsonObject {
  return { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', ...extra };
}

/** The code of a refusal: the rule's own when the command accepts it, else its reason, else a plain 1. */
function codeOf(spec: CommandSpec, ruling: Ruling): number {
  const range = spec.codes.customRange;
  if (range === null) return 1;
  const own = ruling.refusal?.codes['tencent'];
  if (own !== undefined && own >= range[0] && own <= range[1]) return own;
  return (BASE_OF_RANGE[range[0]] ?? Number.NaN) + (ruling.refusal?.reason ?? Number.NaN);
}

function refused(spec: CommandSpec, ruling: Ruling): JsonObject {
  if (ruling.verdict === 'discard' && spec.codes.discard !== null)
    return ok({ ErrorCode: spec.codes.discard });
  return ok({ ErrorCode: codeOf(spec, ruling), ErrorInfo: ruling.refusal?.message });
}

function exactReply({ entry, rulings, targetIds }: Judged): JsonObject {
  const { spec } = entry;
  if (spec.stage === 'after') return Object.hasOwn(spec.reply, 'RspData') ? ok({ RspData: '' }) : ok();
  const refusing = rulings.find(({ verdict }) => verdict !== 'allow');
  if (spec.partial?.form === 'verdicts') {
    return ok({
      ResultItem: targetIds.map((id, index) => {
        const ruling = rulings[index];
        return ruling === undefined || ruling.verdict === 'allow'
          ? { To_Account: id, ResultCode: 0, ResultInfo: '' }
          : { To_Account: id, ResultCode: codeOf(spec, ruling), ResultInfo: ruling.refusal?.message };
      }),
    });
  }
  if (refusing === undefined) return ok();
  const keptAny = rulings.some(({ verdict }) => verdict === 'allow');
  if (spec.partial?.form === 'refused' && keptAny) {
    return ok({ [spec.partial.field]: targetIds.filter((_, index) => rulings[index]?.verdict !== 'allow') });
  }
  return refused(spec, refusing);
}

function refusalCodes(spec: CommandSpec, reply: JsonObject): readonly number[] {
  const items = reply['ResultItem'];
  const codes =
    spec.partial?.form === 'verdicts' && isArray(items)
      ? items.filter(isJsonObject).map((item) => item['ResultCode'])
      : [reply['ErrorCode']];
  return codes.map(Number).filter((code) => code !== 0 && code !== spec.codes.discard);
}

const URL_VALUES: Readonly<Record<string, string>> = {
  SdkAppid: APP.sdkAppId,
  contenttype: 'json',
  ClientIP: '203.0.113.7',
  OptPlatform: 'iOS',
};

/** Tencent Cloud Chat as the contract sees it. */
export const TENCENT_WIRE: Wire = {
  platform: 'tencent',
  profiles: [{ title: 'without a token', app: APP }],
  requestOf: ({ command, spec, body, url }) => {
    const values: Readonly<Record<string, string>> = { ...URL_VALUES, ...url, CallbackCommand: command };
    const query = new URLSearchParams();
    for (const name of spec.urlParameters ?? []) query.set(name, values[name] ?? '');
    return post({ subpath: '', query, headers: {}, body });
  },
  envelopeFacts: ({ urlParameters = [] }) => ({
    platform: 'tencent',
    'app.id': 'chat',
    ...(urlParameters.includes('ClientIP') ? { 'client.ip': '203.0.113.7' } : {}),
    ...(urlParameters.includes('OptPlatform') ? { 'actor.platform': 'ios', 'actor.isAdmin': false } : {}),
  }),
  replyFields: (spec) => spec.reply,
  exactReply,
  refusalCodes,
  ownCodes: ({ codes: { customRange } }) => ({
    inside: customRange === null ? null : customRange[0] + 42,
    outside: customRange?.[0] === 120_001 ? 10_142 : 120_042,
  }),
};
