/** OpenIM's side of the contract, from the reply tables of its servers and its public documentation. */
import type { App, JsonObject, OpenimApp } from '../../adapters/index.js';
import type { Ruling } from '../../engine/decision.js';
import { isArray } from '../../adapters/path.js';
import type { CommandSpec, ReplyField } from './catalog.js';
import { post, type Judged, type Wire } from './wire.js';

const SERVER: OpenimApp = {
  platform: 'openim',
  id: 'im',
  path: '/openim',
  default: 'allow',
  onFailure: 'allow',
  deadline: 1500,
  dialect: 'server',
};
const DOCUMENTED: OpenimApp = { ...SERVER, dialect: 'documented' };

/** The two replies that every v3 release reads correctly, and their printed form in the documentation. */
function verdict(app: App, refusing?: Ruling): JsonObject {
  const isDocumented = app.platform === 'openim' && app.dialect === 'documented';
  const refusal = refusing?.refusal;
  if (refusal === null || refusal === undefined) {
    return { actionCode: 0, errCode: 0, errMsg: '', errDlt: '', nextCode: isDocumented ? '0' : 0 };
  }
  return {
    actionCode: isDocumented ? 1 : 0,
    errCode: refusal.codes['openim'] ?? 5000 + refusal.reason,
    errMsg: refusal.message,
    errDlt: refusal.detail,
    nextCode: isDocumented ? '1' : 1,
  };
}

function pick(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => Object.hasOwn(body, name)).map((name) => [name, body[name]]),
  );
}

function exactReply({ entry, body, rulings }: Judged, app: App): JsonObject {
  const { spec } = entry;
  const refusing = rulings.find(({ verdict }) => verdict !== 'allow');
  const allowed = { ...verdict(app), ...pick(body, spec.mustEcho ?? []) };
  if (spec.stage === 'after') return verdict(app);
  if (refusing === undefined) return allowed;
  const keptAny = rulings.some(({ verdict }) => verdict === 'allow');
  if (spec.partial?.form === 'kept' && keptAny) {
    const list = body[spec.partial.field];
    const kept = isArray(list) ? list.filter((_, index) => rulings[index]?.verdict === 'allow') : [];
    return { ...allowed, [spec.partial.field]: kept };
  }
  const isDocumentedImport = app === DOCUMENTED && entry.command === 'callbackBeforeImportFriendsCommand';
  return {
    ...verdict(app, refusing),
    ...(isDocumentedImport ? pick(body, ['ownerUserID', 'friendUserIDs']) : {}),
  };
}

function replyFields(spec: CommandSpec, app: App): Readonly<Record<string, ReplyField>> {
  if (app.platform !== 'openim' || app.dialect === 'server') return spec.reply;
  const documented: Record<string, ReplyField> = {
    ...spec.reply,
    nextCode: { type: 'string', effect: 'verdict', required: true },
  };
  // The documentation's refusal of an import prints this field, which servers ignore.
  if (Object.hasOwn(spec.reply, 'friendUserIDs'))
    documented['ownerUserID'] = { type: 'string', effect: 'applied' };
  return documented;
}

/** OpenIM as the contract sees it. */
export const OPENIM_WIRE: Wire = {
  platform: 'openim',
  profiles: [
    { title: 'in the dialect of the servers', app: SERVER },
    { title: 'in the dialect of the documentation', app: DOCUMENTED },
  ],
  requestOf: ({ command, body }) =>
    post({
      subpath: command,
      query: new URLSearchParams(),
      headers: { operationid: 'op-of-header', 'content-type': 'application/json; charset=utf-8' },
      body,
    }),
  // The header is the trace ID's home: most bodies lack it or leave it empty.
  envelopeFacts: () => ({ platform: 'openim', 'app.id': 'im', 'operation.id': 'op-of-header' }),
  replyFields,
  exactReply,
  refusalCodes: (_spec, reply) =>
    reply['nextCode'] === 1 || reply['nextCode'] === '1' ? [Number(reply['errCode'])] : [],
  ownCodes: () => ({ inside: 5123, outside: 0 }),
};
