import { askingKindOf } from '../../detection/kinds/table.ts';
import type { AskingRule } from '../../detection/rules/rule-schema.ts';
import type { RuleQuery } from '../../telemetry/sources/query-schema.ts';

export type CloudwatchQuery = NonNullable<NonNullable<RuleQuery>['cloudwatch']>;
type Metric = NonNullable<CloudwatchQuery['metric']>;

/** The metrics that a CloudWatch rule reads in one evaluation. */
export type Watched = {
  /** Identity of each metric asked for by name, once for each statistic of it. */
  named: string[];
  /** How many more are scanned by SQL or SEARCH: assumed, for the config does not say. */
  scanned: number;
  /** Queries of the call: metrics, and one for each expression. */
  queries: number;
};

const identity = ({ namespace, metric, dimensions }: Metric): string =>
  JSON.stringify([namespace, metric, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);

const searches = (expression: string): boolean => /\bSEARCH\s*\(/i.test(expression);

/** `sqlMetrics`: how many metrics a SQL query or a SEARCH is taken to scan. */
export function watchedBy(query: CloudwatchQuery, sqlMetrics: number): Watched {
  const metrics = query.metric === undefined ? Object.values(query.metrics ?? {}) : [query.metric];
  if (query.count !== undefined) metrics.push(query.count);
  const scans = query.sql !== undefined || (query.expression !== undefined && searches(query.expression));
  const expressions = query.sql === undefined && query.expression === undefined ? 0 : 1;
  return { named: metrics.map(identity), scanned: scans ? sqlMetrics : 0, queries: metrics.length + expressions };
}

/** AWS counts up to this many statistics of one metric in one request as one metric. */
const statisticsAMetric = 5;

/** How many metrics AWS counts when these are asked for in one request. */
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

/** How many of `warn` and `critical` the rule has; each of them would be an alarm. */
export const bandsOf = (rule: AskingRule): number => askingKindOf(rule).severities(rule).length;

/** Whether the rule fires by M of its last N points, as an alarm does; the others have spans of their own. */
export const countsPoints = (rule: AskingRule): boolean => askingKindOf(rule).asAlarms(rule).countsPoints;
