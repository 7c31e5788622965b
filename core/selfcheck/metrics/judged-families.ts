import type { Finding, Judgement, SeriesJudgement } from '../../alerting/judgements/judgement.ts';
import type { VerdictStatus } from '../../detection/verdict.ts';
import type { RuleId } from '../../vocabulary/ids.ts';
import type { Category, Labels } from '../../vocabulary/schema-parts.ts';
import { gauge, gauges, type MetricFamily, type MetricPoint } from './family.ts';

/** As a number that a chart can show: worse is more, and what was not judged is below zero. */
const statusNumbers: Readonly<Record<VerdictStatus, number>> = {
  ok: 0,
  warn: 1,
  critical: 2,
  'insufficient evidence': -1,
  'no data': -1,
  error: -1,
};

/**
 * What rules judged last: value, baseline, bound and verdict of each series. Series beyond
 * `maxSeries` are left out, and counted.
 */
export function judgedFamilies(
  judgements: Iterable<Judgement>,
  { maxSeries, categoryOf }: { maxSeries: number; categoryOf: (rule: RuleId) => Category | undefined },
): MetricFamily[] {
  const all: { labels: Labels; series: SeriesJudgement }[] = [];
  let total = 0;
  for (const judgement of judgements) {
    total += judgement.series;
    for (const series of judgement.shown)
      if (all.length < maxSeries)
        all.push({ labels: labelsOf(judgement.rule, categoryOf(judgement.rule) ?? '', series.labels), series });
  }
  const points = (read: (found: Finding) => number | undefined): MetricPoint[] =>
    all.flatMap(({ labels, series: { found } }) => {
      const value = found === undefined ? undefined : read(found);
      return value === undefined ? [] : [{ labels, value }];
    });
  return [
    ...gauges(
      'tocsin_rule_value',
      'What a rule judged last.',
      points(({ value }) => value),
    ),
    ...gauges(
      'tocsin_rule_baseline',
      'What that value was compared with.',
      points(({ baseline }) => baseline?.value),
    ),
    ...gauges(
      'tocsin_rule_bound',
      'The bound that the value was judged by.',
      points(({ bound }) => bound),
    ),
    ...gauges(
      'tocsin_rule_degradation',
      'How much worse than its baseline a value is, as a share.',
      points((found) => found.degradation),
    ),
    ...gauges(
      'tocsin_rule_samples',
      'How many samples are behind the value.',
      points(({ count }) => count),
    ),
    ...gauges(
      'tocsin_rule_verdict',
      'What was found: 0 ok, 1 warn, 2 critical, -1 not judged.',
      all.map(({ labels, series: { status } }) => ({ labels, value: statusNumbers[status] })),
    ),
    ...gauges(
      'tocsin_rule_judged_timestamp',
      'When the value was judged, in Unix time.',
      points(({ at }) => at / 1000),
      'seconds',
    ),
    ...gauge(
      'tocsin_rule_series_left_out',
      'Series of rules that are not among these metrics, for there are too many.',
      total - all.length,
    ),
  ];
}

/** Labels of a series that have the name of ours stand under another one, as in Prometheus. */
function labelsOf(rule: RuleId, category: string, labels: Labels): Labels {
  const own: Labels = { rule, category };
  const others = Object.entries(labels).map(([name, value]) => [Object.hasOwn(own, name) ? `exported_${name}` : name, value]);
  return { ...Object.fromEntries(others), ...own };
}
