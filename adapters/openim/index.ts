/** The adapter of OpenIM Server. */
import type { Capability } from '../../engine/capability.js';
import { isFactName, type FactName } from '../../engine/facts.js';
import type { Platform } from '../adapter.js';
import { CONTENT_FACTS } from '../catalog.js';
import { eventRewrites, targetRewrites } from './allow.js';
import type { OpenimApp } from './app.js';
import { secretTestOf } from './caller.js';
import { CODE_RANGE } from './codes.js';
import { OPENIM_ROWS } from './commands.js';
import { read } from './read.js';
import { render, replyNeedsBody } from './render.js';
import type { OpenimRow } from './row.js';

const NAME = 'openim';

/** Facts that every event of this platform has from its envelope. */
const ENVELOPE_FACTS = [
  'platform',
  'app.id',
  'event.kind',
  'event.stage',
  'event.time',
  'command',
  'operation.id',
] as const satisfies readonly FactName[];

function capabilityOf(row: OpenimRow): Capability {
  const facts = Object.keys(row.facts).filter(isFactName);
  const isBefore = row.stage === 'before';
  return {
    platform: NAME,
    command: row.command,
    switch: row.switch,
    kind: row.kind,
    stage: row.stage,
    facts: new Set<FactName>([
      ...ENVELOPE_FACTS,
      ...facts,
      ...(facts.includes('target.id') ? (['target.ids'] as const) : []),
      ...(row.content === undefined ? [] : CONTENT_FACTS),
    ]),
    refuse: isBefore,
    refuseTargets: row.reply.targets?.mode === 'replace',
    discard: false,
    rewrites: new Set([...eventRewrites(row.reply), ...targetRewrites(row.reply)].filter(isFactName)),
    rewritesElsewhere: new Set(row.reply.elsewhere),
    codes: isBefore ? CODE_RANGE : null,
  };
}

/** OpenIM Server, from v3.0.0 to its main branch. */
export const openim: Platform<OpenimApp> = {
  name: NAME,
  capabilities: OPENIM_ROWS.map(capabilityOf),
  bind: (app) => {
    const opens = secretTestOf(app);
    return {
      platform: NAME,
      read: (request) => read(app, request, opens),
      render: (callback, decision) => render(app.dialect, callback, decision),
      replyNeedsBody: (command, verdict) => replyNeedsBody(app.dialect, command, verdict),
    };
  },
};
