import type { Config } from '../../core/config/schema.ts';
import { embeddedMetrics, type OwnMetric } from '../../core/selfcheck/logs/metrics.ts';
import { writeLine } from './log.ts';

/**
 * CloudWatch reads metrics from the log, without a call, permission or delay. Each metric costs
 * money, so they are opt-in.
 */
export function putMetrics(
  { settings }: Pick<Config, 'settings'>,
  values: Partial<Record<OwnMetric, number | readonly number[]>>,
): void {
  if (settings.ownMetrics) write(values);
}

/** Alerts that a source ignored. */
export function putIgnored({ settings }: Pick<Config, 'settings'>, { source, count }: { source: string; count: number }): void {
  if (settings.ownMetrics) write({ IgnoredAlerts: count }, source);
}

/** Always written with synthetic incidents, because an alarm depends on it. Milliseconds. */
export const putSyntheticTime = (ms: number): void => write({ SyntheticTimeToPage: ms });

const write = (values: Partial<Record<OwnMetric, number | readonly number[]>>, source?: string): void =>
  writeLine(embeddedMetrics(values, process.env['TOCSIN_STAGE'] ?? 'none', Date.now(), source));
