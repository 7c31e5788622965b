import type { MetricFamily } from '../../core/selfcheck/metrics/family.ts';

/** Where metrics go: `headers` with their values. */
export type MetricsReceiver = { endpoint: string; headers: Readonly<Record<string, string>> };

/**
 * Sends metrics as they are at a time, in milliseconds since the epoch. Throws unless they are
 * taken.
 */
export type SendMetrics = (families: readonly MetricFamily[], to: MetricsReceiver, at: number) => Promise<void>;
