import type { Config } from '../../core/config/schema.ts';
import { embeddedMetrics, type OwnMetric } from '../../core/logs/metrics.ts';
import { writeLine } from './log.ts';

/** CloudWatch reads metrics from the log; that takes no call, no right and no time, but each metric costs, so they are asked for. */
export function putMetrics(
  { settings }: Pick<Config, 'settings'>,
  values: Partial<Record<OwnMetric, number | readonly number[]>>,
): void {
  if (settings.ownMetrics) writeLine(embeddedMetrics(values, process.env['TOCSIN_STAGE'] ?? 'none', Date.now()));
}
