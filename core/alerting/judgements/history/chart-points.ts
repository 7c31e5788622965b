import type { ChartPoint, ChartVerdict } from '../../../charts/chart.ts';
import { isAsking, judgesPoints, makesTests, type Rule } from '../../../detection/rules/rule-schema.ts';
import type { VerdictStatus } from '../../../detection/verdict.ts';
import { isRatio, wilsonInterval, zOf } from '../../../statistics/wilson.ts';
import type { HistoryEntry } from './entry.ts';

const verdictOf: Readonly<Record<VerdictStatus, ChartVerdict>> = {
  ok: 'ok',
  warn: 'warn',
  critical: 'critical',
  'insufficient evidence': 'not judged',
  'no data': 'not judged',
  error: 'not judged',
};

const usualConfidence = 0.95;

/**
 * The confidence of the intervals that a chart of this rule shows; undefined if its values have
 * none: then it tests nothing, or what it judges is no share of samples.
 */
export function chartConfidence(rule: Rule | undefined): number | undefined {
  if (rule === undefined || !isAsking(rule) || !judgesPoints(rule) || !makesTests(rule)) return undefined;
  const { samples, falseAlarms, query } = rule;
  if (samples.confidence !== undefined) return samples.confidence;
  return falseAlarms !== undefined || query.predictions?.metric === 'accuracy' ? usualConfidence : undefined;
}

/**
 * The history of a series as points of a chart, each with the interval that follows from its value
 * and count.
 */
export function chartPoints(entries: readonly HistoryEntry[], confidence: number | undefined): ChartPoint[] {
  const z = confidence === undefined ? undefined : zOf(confidence);
  return entries.map(({ at, status, value, count, baseline, warn, critical, provisional, of, first }) => ({
    ...{ at, verdict: verdictOf[status], value, count, baseline, warn, critical, provisional },
    interval:
      z !== undefined && value !== undefined && count !== undefined && count >= 1 && isRatio(value)
        ? wilsonInterval(value, count, z)
        : undefined,
    of: of === undefined ? undefined : { low: of.low, high: of.high },
    first: first?.value,
  }));
}
