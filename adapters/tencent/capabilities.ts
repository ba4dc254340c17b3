/** What Tencent's commands can tell and carry, for the checker of rules. */
import type { Capability } from '../../engine/capability.js';
import type { FactName } from '../../engine/facts.js';
import { factsOf } from '../../engine/kinds.js';
import { TENCENT_ROWS } from './catalog.js';
import { factsOfContent } from './content.js';
import { FAMILIES } from './families.js';
import type { OptionalParameter, TencentRow } from './row.js';

const ALWAYS = [
  'platform',
  'app.id',
  'event.kind',
  'event.stage',
  'event.time',
  'command',
] as const satisfies readonly FactName[];

const FROM_URL = {
  ClientIP: ['client.ip'],
  OptPlatform: ['actor.platform', 'actor.isAdmin'],
} as const satisfies Readonly<Record<OptionalParameter, readonly FactName[]>>;

const REWRITABLE = ['message.text', 'message.customData'] as const satisfies readonly FactName[];

function factsOfRow(row: TencentRow): ReadonlySet<FactName> {
  const lacks = row.urlLacks ?? [];
  const mapped = Object.keys(row.facts) as FactName[];
  const told: readonly FactName[] = [
    ...ALWAYS,
    ...(lacks.includes('ClientIP') ? [] : FROM_URL.ClientIP),
    ...(lacks.includes('OptPlatform') ? [] : FROM_URL.OptPlatform),
    ...mapped,
    ...(mapped.includes('target.id') ? (['target.ids'] as const) : []),
    ...factsOfContent(row.content ?? {}),
  ];
  const ofKind = factsOf(row.kind);
  return new Set(told.filter((fact) => ofKind.has(fact)));
}

function capabilityOf(row: TencentRow): Capability {
  const { family, discard = false, rewrites = false, refusedList } = row.reply;
  return {
    platform: 'tencent',
    command: row.command,
    ...(row.switch !== null && { switch: row.switch ?? row.command }),
    kind: row.kind,
    stage: row.stage,
    facts: factsOfRow(row),
    refuse: family !== 'report',
    refuseTargets: family === 'friend' || refusedList !== undefined,
    discard,
    rewrites: new Set(rewrites ? REWRITABLE : []),
    rewritesElsewhere: new Set(),
    codes: FAMILIES[family].codes,
  };
}

export const CAPABILITIES: readonly Capability[] = TENCENT_ROWS.map(capabilityOf);
