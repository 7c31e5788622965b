import type { Config } from '../../core/config/schema.ts';
import { embeddedMetrics, type OwnMetric } from '../../core/selfcheck/logs/metrics.ts';
import { writeLine } from './log.ts';

/** CloudWatch reads metrics from the log; that takes no call, no right and no time, but each metric costs, so they are asked for. */
export function putMetrics(
  { settings }: Pick<Config, 'settings'>,
  values: Partial<Record<OwnMetric, number | readonly number[]>>,
): void {
  if (settings.ownMetrics) write(values);
}

/** Who asks for synthetic incidents asks for this metric, for an alarm rests on it. Milliseconds. */
export const putSyntheticTime = (ms: number): void => write({ SyntheticTimeToPage: ms });

const write = (values: Partial<Record<OwnMetric, number | readonly number[]>>): void =>
  writeLine(embeddedMetrics(values, process.env['TOCSIN_STAGE'] ?? 'none', Date.now()));
