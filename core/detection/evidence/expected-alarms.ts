import { segmentOf, valuesIn } from '../../telemetry/samples/segments.ts';
import { featureMetrics } from '../../telemetry/sources/kinds/predictions-query.ts';
import type { SourceConfig } from '../../telemetry/sources/source.ts';
import { askingKindOf, commonKindOf } from '../kinds/table.ts';
import { isAsking, type Rule } from '../rules/rule-schema.ts';
import type { Expected, SeenSeries } from './expected.ts';

/**
 * How many false alarms a rule will raise in 30 days if nothing changes. Alerts are counted one a
 * series, though those of one group are one incident. It is too high where series vary together,
 * and where `keepFiring` or `recover` join what comes and goes.
 */
export const expectedAlarms = (rule: Rule, seen: readonly SeenSeries[]): Expected => commonKindOf(rule).expected(rule, seen);

/**
 * Assumptions for a rule without observed data: a proportion of 80 % or its fixed baseline, with
 * `minCount` but at least 100 samples; 1,000 numbers per feature and `over`, in 10 bins. One
 * series, or one per declared feature. Nothing for a threshold, whose normal value is unknown, or
 * for values that may not be proportions.
 */
export function assumedSeries(rule: Rule, source: SourceConfig | undefined): SeenSeries[] {
  if (!isAsking(rule)) return [];
  const one = askingKindOf(rule).assumed(rule);
  if (one === undefined) return [];
  const query = rule.query.predictions;
  const ofFeatures =
    query !== undefined &&
    (query.metric === 'drift' || query.metric === 'feature' || featureMetrics.some((metric) => metric === query.metric));
  const segment = segmentOf(query);
  const values = segment === undefined || source?.kind !== 'predictions' ? 1 : valuesIn(source, segment);
  const series = values * (ofFeatures ? Math.max(1, (query.features ?? featuresOf(source)).length) : 1);
  return Array.from({ length: series }, () => one);
}

function featuresOf(source: SourceConfig | undefined): string[] {
  if (source?.kind !== 'predictions') return [];
  const declared = [...(source.features ?? []), ...Object.keys(source.schema ?? {})];
  return [...new Set(Array.isArray(source.profiles) ? source.profiles : declared)];
}
