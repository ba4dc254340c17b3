/** Puts decisions into Tencent's replies (1047/34354 and the page of each command). */
import { plainRuling, type Decision, type Ruling } from '../../engine/decision.js';
import type { Callback, JsonObject, Reply, Shortfall } from '../adapter.js';
import { isUnchanged } from '../rulings.js';
import { commandNamed, type Command } from './catalog.js';
import { rewriteCustomData, rewriteText } from './content.js';
import { ALLOW, PLAIN_REFUSAL, SILENT_DISCARD } from './families.js';
import { lostByName, wireRefusal, type WireRefusal } from './refusal.js';
import type { TencentReply, TencentRow } from './row.js';

/** Every documented reply keeps `ActionStatus` at OK, refusals included. */
function bodyOf(code: number, info: string): JsonObject {
  return { ActionStatus: 'OK', ErrorCode: code, ErrorInfo: info };
}

const NOTHING: JsonObject = {};

/** The same object each time, so that it need not be written anew. */
const PLAIN_ALLOW: Reply = { body: bodyOf(ALLOW, ''), shortfalls: [] };

function replyOf(
  code: number,
  info: string,
  shortfalls: readonly Shortfall[] = [],
  further: JsonObject = NOTHING,
): Reply {
  if (code === ALLOW && info === '' && shortfalls.length === 0 && further === NOTHING) return PLAIN_ALLOW;
  return { body: { ...bodyOf(code, info), ...further }, shortfalls: distinct(shortfalls) };
}

function distinct(shortfalls: readonly Shortfall[]): readonly Shortfall[] {
  if (shortfalls.length < 2) return shortfalls;
  return [...new Map(shortfalls.map((shortfall) => [JSON.stringify(shortfall), shortfall])).values()];
}

/** The reply to a callback; see `Adapter.render`. */
export function renderReply(callback: Callback, decision: Decision): Reply {
  const command = commandNamed(callback.command);
  if (command === undefined) return renderUnknown(callback, decision);
  switch (command.row.reply.family) {
    case 'report':
      return renderReport(command.row.reply, decision);
    case 'friend':
      return renderFriends(command, callback, decision);
    default:
      return renderWhole(command.row, callback, decision);
  }
}

const isDenied = (ruling: Ruling): boolean => ruling.verdict !== 'allow';

/** An unknown command must do no harm (1047/60256 comes unasked for); a failed request is told the policy's verdict. */
function renderUnknown({ outcome }: Callback, { rulings }: Decision): Reply {
  const denied = rulings.find(isDenied);
  if (denied === undefined) return replyOf(ALLOW, '');
  if (outcome.type === 'failure') return replyOf(PLAIN_REFUSAL, denied.refusal?.message ?? '');
  return replyOf(ALLOW, '', [
    { effect: denied.verdict, reason: 'The command is unknown; it was let through.' },
  ]);
}

/** Never echoes anything: Group.CallbackSendMsgException has an `ErrorCode` of its own (1047/49462). */
function renderReport({ constants }: TencentReply, { rulings }: Decision): Reply {
  const effects = rulings.flatMap((ruling) => [
    ...(isDenied(ruling) ? [ruling.verdict] : []),
    ...rewriteEffects(ruling),
  ]);
  const shortfalls = effects.map((effect) => ({ effect, reason: 'It has already happened.' }));
  return replyOf(ALLOW, '', shortfalls, constants);
}

function rewriteEffects({ rewrites }: Ruling): readonly string[] {
  return [...rewrites.keys()].map((fact) => `rewrite ${fact}`);
}

/** The ruling on each of the targets; a decision about a failure has one for all of them. */
function rulingsFor(count: number, { rulings }: Decision): readonly Ruling[] {
  if (rulings.length === count) return rulings;
  return Array.from({ length: count }, () => rulings[0] ?? plainRuling('allow'));
}

/**
 * Friend commands: every target gets its own code, and `ErrorCode` stays 0, since any other would let all
 * of them through (1047/43468, 1047/43467).
 */
function renderFriends({ reader }: Command, { outcome, body }: Callback, decision: Decision): Reply {
  const ids = outcome.type === 'event' ? outcome.event.targets.map(({ id }) => id) : reader.targetIds(body);
  const denied = decision.rulings.find(isDenied);
  if (ids.length === 0 && denied !== undefined) {
    const { code, message, shortfalls } = wireRefusal('friend', denied);
    const unheard = { effect: denied.verdict, reason: 'The body names nobody to be refused.' };
    return replyOf(code, message, [...shortfalls, unheard], { ResultItem: [] });
  }
  const rulings = rulingsFor(ids.length, decision);
  const shortfalls: Shortfall[] = [];
  const items = ids.map((id, index) => {
    const { code, message, shortfalls: lost } = targetAnswer(rulings[index]);
    shortfalls.push(...lost);
    return { To_Account: id, ResultCode: code, ResultInfo: message };
  });
  return replyOf(ALLOW, '', shortfalls, { ResultItem: items });
}

const PASSED: WireRefusal = { code: ALLOW, message: '', shortfalls: [] };

/** The answer about one target of a friend command. */
function targetAnswer(ruling: Ruling | undefined): WireRefusal {
  if (ruling === undefined || isUnchanged(ruling)) return PASSED;
  return isDenied(ruling) ? wireRefusal('friend', ruling) : { ...PASSED, shortfalls: lostRewrites(ruling) };
}

function lostRewrites(ruling: Ruling): readonly Shortfall[] {
  return rewriteEffects(ruling).map((effect) => ({ effect, reason: 'The reply cannot change this.' }));
}

/** Commands with one verdict in `ErrorCode`, some of which can strike out single targets. */
function renderWhole(row: TencentRow, callback: Callback, decision: Decision): Reply {
  const { family, discard = false } = row.reply;
  if (decision.rulings.every(isUnchanged)) return PLAIN_ALLOW;
  const denied = decision.rulings.find(isDenied);
  if (denied === undefined) return renderAllowed(row, callback.body, decision);
  const partial = renderPartial(row, callback, decision);
  if (partial !== undefined) return partial;
  const { code, message, shortfalls } = wireRefusal(family, denied, discard);
  if (denied.verdict === 'discard' && discard) return replyOf(SILENT_DISCARD, '');
  return replyOf(code, message, shortfalls);
}

/** Some pass and some do not: possible only with `ErrorCode` 0 and the names of those who do not. */
function renderPartial(row: TencentRow, { outcome }: Callback, { rulings }: Decision): Reply | undefined {
  const { refusedList } = row.reply;
  if (refusedList === undefined || outcome.type !== 'event') return undefined;
  const { targets } = outcome.event;
  const isMixed = rulings.length === targets.length && !rulings.every(isDenied);
  if (!isMixed) return undefined;
  const names = targets.flatMap(({ id }, index) => (rulings[index]?.verdict === 'allow' ? [] : [id]));
  if (names.includes('')) return undefined;
  const shortfalls = rulings.flatMap((ruling) =>
    isDenied(ruling) ? lostByName(ruling) : lostRewrites(ruling),
  );
  return replyOf(ALLOW, '', shortfalls, { [refusedList]: names });
}

function renderAllowed(row: TencentRow, body: JsonObject, { rulings }: Decision): Reply {
  if (row.reply.rewrites !== true) return replyOf(ALLOW, '', rulings.flatMap(lostRewrites));
  const shortfalls: Shortfall[] = [];
  const further: Record<string, unknown> = {};
  for (const [fact, rewrite] of rulings[0]?.rewrites ?? []) {
    if (fact === 'message.text') {
      const { elements, isPartial } = rewriteText(body, rewrite);
      if (elements !== undefined) further['MsgBody'] = elements;
      if (isPartial) shortfalls.push({ effect: `rewrite ${fact}`, reason: 'Broken elements were left out.' });
    } else if (fact === 'message.customData') {
      const { value, isPartial } = rewriteCustomData(body, rewrite);
      if (value !== undefined) further['CloudCustomData'] = value;
      if (isPartial) shortfalls.push({ effect: `rewrite ${fact}`, reason: 'Data of custom elements stays.' });
    } else {
      shortfalls.push({ effect: `rewrite ${fact}`, reason: 'The reply cannot change this.' });
    }
  }
  return replyOf(ALLOW, '', shortfalls, further);
}

/** The reply to a friend command lists the accounts of the request. */
export function replyNeedsBody(command: string | undefined): boolean {
  return command === undefined || commandNamed(command)?.row.reply.family === 'friend';
}
