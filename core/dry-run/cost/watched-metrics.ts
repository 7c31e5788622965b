import { askingKindOf } from '../../detection/kinds/table.ts';
import type { AskingRule } from '../../detection/rules/rule-schema.ts';
import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';

export type CloudwatchQuery = NonNullable<NonNullable<RuleQuery>['cloudwatch']>;
type Metric = NonNullable<CloudwatchQuery['metric']>;

/** The metrics that a CloudWatch rule reads per evaluation. */
export type Watched = {
  /** The identity of each named metric, once per statistic. */
  named: string[];
  /** Metrics scanned by SQL or SEARCH: an assumption, because the config does not say. */
  scanned: number;
  /** Queries in the call: metrics, plus one per expression. */
  queries: number;
};

const identity = ({ namespace, metric, dimensions }: Metric): string =>
  JSON.stringify([namespace, metric, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

const searches = (expression: string): boolean => /\bSEARCH\s*\(/i.test(expression);

/** `sqlMetrics`: how many metrics a SQL query or SEARCH is assumed to scan. */
export function watchedBy(query: CloudwatchQuery, sqlMetrics: number): Watched {
  const metrics = query.metric === undefined ? Object.values(query.metrics ?? {}) : [query.metric];
  if (query.count !== undefined) metrics.push(query.count);
  const scans = query.sql !== undefined || (query.expression !== undefined && searches(query.expression));
  const expressions = query.sql === undefined && query.expression === undefined ? 0 : 1;
  return { named: metrics.map(identity), scanned: scans ? sqlMetrics : 0, queries: metrics.length + expressions };
}

/** AWS bills up to this many statistics of a metric in one request as one. */
const statisticsAMetric = 5;

/** How many metrics AWS bills if these are in one request. */
export function countedMetrics(watched: readonly Watched[]): number {
  const statistics = new Map<string, number>();
  let counted = 0;
  for (const { named, scanned } of watched) {
    counted += scanned;
    for (const metric of named) {
      const before = statistics.get(metric) ?? 0;
      if (before % statisticsAMetric === 0) counted += 1;
      statistics.set(metric, before + 1);
    }
  }
  return counted;
}

/** How many of `warn` and `critical` the rule has; each would be an alarm. */
export const bandsOf = (rule: AskingRule): number => askingKindOf(rule).severities(rule).length;

/**
 * Whether the rule fires on M of its last N points, as an alarm does. Others have spans of their
 * own.
 */
export const countsPoints = (rule: AskingRule): boolean => askingKindOf(rule).asAlarms(rule).countsPoints;
