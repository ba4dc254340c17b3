import type { Registry } from 'prom-client';

/** All metrics of a process as plain data that may be sent to another. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;
