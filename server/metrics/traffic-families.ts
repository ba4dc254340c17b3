/** Metrics about callbacks and what became of them. */
import type { FailureCause } from '../../adapters/index.js';
import { ENDINGS, type AppCounters, type Ending } from '../counters.js';
import type { Family, LatencyFamily, Rows } from './family.js';
import type { MetricSources } from './sources.js';

/** What became of a callback, and what was said to it. */
const LABELS: Readonly<Record<Ending, readonly [outcome: string, verdict: string]>> = {
  allow: ['judged', 'allow'],
  refuse: ['judged', 'refuse'],
  discard: ['judged', 'discard'],
  mixed: ['judged', 'mixed'],
  acknowledged: ['acknowledged', 'allow'],
  'unknown-command': ['unknown-command', 'allow'],
  exempt: ['exempt', 'allow'],
  'failure-allow': ['failure', 'allow'],
  'failure-refuse': ['failure', 'refuse'],
};

/** Every cause, so that its counter is there before it happens for the first time. */
const NO_FAILURES: Readonly<Record<FailureCause, number>> = {
  'wrong-method': 0,
  'wrong-path': 0,
  'unreadable-body': 0,
  'body-too-large': 0,
  'no-command': 0,
  'contradicting-command': 0,
  'missing-field': 0,
  'bad-field': 0,
  'wrong-app': 0,
  unauthenticated: 0,
  deadline: 0,
  overload: 0,
  'rule-error': 0,
  'internal-error': 0,
};

export function trafficFamilies({
  gates,
  overload,
  refusedConnections,
  spans,
  decisionLog,
}: MetricSources): readonly Family[] {
  const perApp = (rowsOf: (counters: AppCounters) => Rows): Rows =>
    gates.all.flatMap(({ app, counters }) =>
      rowsOf(counters).map(([labels, value]) => [[app.id, ...labels], value] as const),
    );
  return [
    {
      name: 'callgate_app_info',
      help: 'Configured apps.',
      type: 'gauge',
      labels: ['app', 'platform', 'default', 'on_failure', 'enforce'],
      aggregator: 'first',
      read: () =>
        gates.all.map(({ app }) => {
          const enforce = String(app.enforce !== false);
          return [[app.id, app.platform, app.default, app.onFailure, enforce], 1];
        }),
    },
    {
      name: 'callgate_app_deadline_seconds',
      help: 'Time within which replies leave.',
      type: 'gauge',
      labels: ['app'],
      aggregator: 'first',
      read: () => gates.all.map(({ app }) => [[app.id], app.deadline / 1000]),
    },
    {
      name: 'callgate_callbacks_total',
      help: 'Callbacks that were answered. Of an app that does not enforce, the verdict is what it would have been.',
      type: 'counter',
      labels: ['app', 'command', 'outcome', 'verdict'],
      read: () => perApp(callbackRows),
    },
    {
      name: 'callgate_degraded_total',
      help: 'Callbacks that the rules did not decide, or not all of them (rule-error: once per rule), by cause.',
      type: 'counter',
      labels: ['app', 'cause'],
      read: () =>
        perApp((counters) => {
          const { failures, ruleErrors } = counters.snapshot();
          const causes = Object.entries({ ...NO_FAILURES, ...failures, 'rule-error': ruleErrors });
          return causes.map(([cause, number]) => [[cause], number]);
        }),
    },
    {
      name: 'callgate_shed_total',
      help: 'Callbacks that were turned away unread, so that the others are answered in time.',
      type: 'counter',
      labels: ['reason'],
      read: () => Object.entries(overload.counts().shed).map(([reason, number]) => [[reason], number]),
    },
    {
      name: 'callgate_refused_connections_total',
      help: 'Connections that were closed at once because there were too many.',
      type: 'counter',
      read: refusedConnections,
    },
    {
      name: 'callgate_in_flight',
      help: 'Callbacks that are being answered.',
      type: 'gauge',
      read: () => overload.counts().inFlight,
    },
    {
      name: 'callgate_event_loop_worst_lag_seconds',
      help: 'Longest delay of the event loop within the last 10 to 20 seconds.',
      type: 'gauge',
      aggregator: 'max',
      read: () => overload.worstLag() / 1000,
    },
    {
      name: 'callgate_late_decisions_total',
      help: 'Decisions that came after the deadline and were thrown away.',
      type: 'counter',
      labels: ['app', 'result'],
      read: () =>
        perApp((counters) => {
          const { late, lateFailed } = counters.snapshot();
          return [
            [['decided'], late],
            [['failed'], lateFailed],
          ];
        }),
    },
    {
      name: 'callgate_shortfalls_total',
      help: 'Parts of decisions that a command could not carry.',
      type: 'counter',
      labels: ['app'],
      read: () => perApp((counters) => [[[], counters.snapshot().shortfalls]]),
    },
    {
      name: 'callgate_after_queue_tasks_total',
      help: 'After-callbacks that were judged, could not be judged, or were dropped because too many waited.',
      type: 'counter',
      labels: ['result'],
      read: () => {
        const { done, failed, dropped } = gates.afterQueue.counts();
        return Object.entries({ done, failed, dropped }).map(([result, number]) => [[result], number]);
      },
    },
    {
      name: 'callgate_after_queue_tasks',
      help: 'After-callbacks that wait for judgement, and that are being judged.',
      type: 'gauge',
      labels: ['state'],
      read: () => {
        const { waiting, running } = gates.afterQueue.counts();
        return Object.entries({ waiting, running }).map(([state, number]) => [[state], number]);
      },
    },
    {
      name: 'callgate_decision_log_lines_total',
      help: 'Lines of the decision log: written, dropped for want of memory, failed to be written, left out by the sample.',
      type: 'counter',
      labels: ['result'],
      read: () => {
        const { written, dropped, failed, sampledOut } = decisionLog?.counts() ?? NO_LINES;
        const results = { written, dropped, failed, sampled_out: sampledOut };
        return Object.entries(results).map(([result, number]) => [[result], number]);
      },
    },
    {
      name: 'callgate_decision_log_waiting_lines',
      help: 'Lines of the decision log that wait to be written.',
      type: 'gauge',
      read: () => decisionLog?.counts().waiting ?? 0,
    },
    {
      name: 'callgate_decision_stream_lines_total',
      help: 'Lines for the Redis Stream of decisions: written, dropped for want of memory, not taken by Redis.',
      type: 'counter',
      labels: ['result'],
      read: () => {
        const { written, dropped, failed } = decisionLog?.counts().stream ?? NO_LINES;
        return Object.entries({ written, dropped, failed }).map(([result, number]) => [[result], number]);
      },
    },
    {
      name: 'callgate_decision_stream_waiting_lines',
      help: 'Lines that wait to be added to the Redis Stream of decisions.',
      type: 'gauge',
      read: () => decisionLog?.counts().stream?.waiting ?? 0,
    },
    {
      name: 'callgate_log_lines_suppressed_total',
      help: 'Log lines about failures that were left out because they repeat.',
      type: 'counter',
      read: () => gates.failureLogs.reduce((sum, log) => sum + log.suppressed(), 0),
    },
    {
      name: 'callgate_spans_total',
      help: 'Spans that the collector has taken, and that were lost.',
      type: 'counter',
      labels: ['result'],
      read: () => {
        const { sent, lost } = spans?.counts() ?? { sent: 0, lost: 0 };
        return Object.entries({ sent, lost }).map(([result, number]) => [[result], number]);
      },
    },
  ];
}

export function latencyFamily({ gates }: Pick<MetricSources, 'gates'>): LatencyFamily {
  return {
    name: 'callgate_callback_duration_seconds',
    help: 'Time from the arrival of a callback until its reply is ready.',
    label: 'app',
    read: () => gates.all.map(({ app, counters }) => [app.id, counters.latency()]),
  };
}

const NO_LINES = { written: 0, dropped: 0, failed: 0, sampledOut: 0 } as const;

function callbackRows(counters: AppCounters): Rows {
  return [...counters.commands()].flatMap(([command, counts]) =>
    ENDINGS.flatMap((ending): Rows => {
      const number = counts[ending];
      return number === undefined ? [] : [[[command, ...LABELS[ending]], number]];
    }),
  );
}
