/** The reply that refuses. */
import { DEFAULT_REFUSAL, type Ruling } from '../../engine/decision.js';
import type { JsonObject, Reply, Shortfall } from '../adapter.js';
import type { Dialect } from './app.js';
import { codeOf } from './codes.js';
import type { OpenimReply } from './row.js';
import { copyMembers } from './wire.js';

/**
 * `server` refuses in every v3 release: the oldest look at errCode, later ones at nextCode, those since
 * v3.7.0 want actionCode 0 beside it (open-im-server pkg/callbackstruct/common.go Parse, all tags).
 */
const CODES: Readonly<Record<Dialect, { readonly actionCode: number; readonly nextCode: number | string }>> =
  {
    server: { actionCode: 0, nextCode: 1 },
    documented: { actionCode: 1, nextCode: '1' },
  };

/** What of the rulings a refusal of the whole does not say. */
function shortfallsOf(rulings: readonly Ruling[]): readonly Shortfall[] {
  const has = (verdict: Ruling['verdict']): boolean => rulings.some((ruling) => ruling.verdict === verdict);
  return [
    ...(has('discard') ? [{ effect: 'discard', reason: 'OpenIM has no silent drop; it was refused' }] : []),
    ...(has('allow')
      ? [{ effect: 'allow', reason: 'single targets cannot be refused; all of them were' }]
      : []),
  ];
}

/** Refuses the whole callback, in the words of the first ruling that refuses. */
export function refuse(
  dialect: Dialect,
  columns: OpenimReply,
  body: JsonObject,
  rulings: readonly Ruling[],
): Reply {
  const refused =
    rulings.find(({ verdict }) => verdict === 'refuse') ??
    rulings.find(({ verdict }) => verdict === 'discard');
  const { message, detail, ...asked } = refused?.refusal ?? DEFAULT_REFUSAL;
  const { code, unusable } = codeOf(asked);
  const echoed = dialect === 'documented' ? copyMembers(body, columns.documentedEcho ?? {}) : {};
  const { actionCode, nextCode } = CODES[dialect];
  return {
    body: { actionCode, errCode: code, errMsg: message, errDlt: detail, nextCode, ...echoed },
    shortfalls: [
      ...shortfallsOf(rulings),
      ...(unusable === undefined
        ? []
        : [{ effect: `code ${unusable}`, reason: `no code that a rule can use; ${code} was sent` }]),
    ],
  };
}
