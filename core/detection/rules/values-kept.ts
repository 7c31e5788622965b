import { keptAs } from '../../telemetry/samples/prediction-spreads.ts';
import type { Keeps } from '../../telemetry/samples/value-detail.ts';
import { spreadMetrics } from '../../telemetry/sources/kinds/predictions-query.ts';
import type { SamplesQuery } from '../../telemetry/sources/kinds/samples.ts';
import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';
import { isPercentile } from '../../telemetry/sources/statistics.ts';
import { isAsking, type Rule } from './rule-schema.ts';

/**
 * What buckets keep besides their numbers, by source and metric, for what the rules ask.
 * See docs/adr/0097-statistics-that-rules-ask-for.md.
 */
export type ValuesKept = ReadonlyMap<string, ReadonlyMap<string, Keeps>>;

export function valuesKept(rules: Readonly<Record<string, Rule>>): ValuesKept {
  const kept = new Map<string, Map<string, Keeps>>();
  for (const rule of Object.values(rules)) {
    if (!isAsking(rule)) continue;
    const { source } = rule;
    for (const { metric, ...asked } of asksOf(rule.query)) {
      if (!asked.histogram && !asked.readings) continue;
      const metrics = kept.get(source) ?? new Map<string, Keeps>();
      kept.set(source, metrics);
      const before = metrics.get(metric);
      metrics.set(metric, {
        histogram: asked.histogram || before?.histogram === true,
        readings: asked.readings || before?.readings === true,
      });
    }
  }
  return kept;
}

function asksOf({ samples, predictions }: RuleQuery): (Keeps & { metric: string })[] {
  if (predictions?.metric === 'feature')
    return (predictions.features ?? []).map((name) => ({ metric: keptAs(name), histogram: true, readings: false }));
  const isSpread = spreadMetrics.some((metric) => metric === predictions?.metric);
  if (predictions !== undefined) return [{ metric: predictions.metric, histogram: isSpread, readings: false }];
  return samples === undefined ? [] : asksOfSamples(samples);
}

function asksOfSamples({ metric, statistic, ratio }: SamplesQuery): (Keeps & { metric: string })[] {
  if (ratio !== undefined)
    return [ratio.of, ratio.over].map((side) => ({ metric: side.metric, histogram: false, readings: side.statistic === 'rate' }));
  return [{ metric, histogram: statistic === 'share' || isPercentile(statistic), readings: statistic === 'rate' }];
}
