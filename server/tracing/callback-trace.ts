/** The trace that a callback belongs to: the caller's, or one of our own. */
import type { AppSettings, Callback, FailureCause, WireRequest } from '../../adapters/index.js';
import type { Decision } from '../../engine/decision.js';
import type { Outcome } from '../counters.js';
import { parseTraceparent } from './traceparent.js';
import type { SpanAttributes, Tracer } from './tracer.js';

export interface CallbackTrace {
  /** 32 hex digits, for log lines. */
  readonly id: string;
  /** Ends the span, if there is one. */
  end(finding: TraceFinding): void;
}

export interface TraceFinding {
  readonly callback: Callback;
  readonly decision: Decision;
  readonly outcome: Outcome;
  readonly cause?: FailureCause;
  /** Milliseconds from arrival to reply. */
  readonly duration: number;
}

/** `undefined` when the caller sends no trace and none is begun here: then nothing else is done. */
export function traceCallback(
  { headers }: Pick<WireRequest, 'headers'>,
  app: AppSettings,
  platform: string,
  tracer: Tracer | undefined,
): CallbackTrace | undefined {
  const parent = parseTraceparent(headers['traceparent']);
  const span = tracer?.start(parent);
  const id = span?.traceId ?? parent?.traceId;
  if (id === undefined) return undefined;
  return {
    id,
    end(finding) {
      const { callback, cause, duration } = finding;
      span?.end({
        name: `callback ${callback.command ?? 'unknown'}`,
        duration,
        error: cause,
        attributes: { 'callgate.app': app.id, 'callgate.platform': platform, ...attributesOf(finding) },
      });
    },
  };
}

function attributesOf({ callback, decision, outcome, cause }: TraceFinding): SpanAttributes {
  const event = callback.outcome.type === 'event' ? callback.outcome.event : undefined;
  const { revision, rulings } = decision;
  const rules = [...new Set(rulings.flatMap(({ decidedBy }) => decidedBy ?? []))];
  const verdicts = [...new Set(rulings.map(({ verdict }) => verdict))];
  return {
    'callgate.command': callback.command,
    'callgate.kind': event?.kind,
    'callgate.stage': callback.stage,
    'callgate.outcome': outcome,
    'callgate.verdict': verdicts.length === 1 ? verdicts[0] : 'mixed',
    'callgate.revision': revision,
    'callgate.rule': rules.length > 1 ? rules : rules[0],
    'callgate.targets': event === undefined ? undefined : Math.max(1, event.targets.length),
    'callgate.cause': cause,
  };
}
