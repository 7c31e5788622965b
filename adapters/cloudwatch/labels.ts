import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import type { CloudwatchMetric } from './plan.ts';

/** The dimensions that all metrics of an expression share. */
export function commonDimensions(metrics: CloudwatchMetric[]): Labels {
  const [first, ...others] = metrics;
  if (first === undefined) return {};
  const shared = Object.entries(first.dimensions).filter(([name, value]) =>
    others.every(({ dimensions }) => dimensions[name] === value),
  );
  return Object.fromEntries(shared);
}

/** The columns of the GROUP BY of a Metrics Insights query, without their quotes; none when it has none. */
export function groupColumns(sql: string): string[] {
  // A value in single quotes may hold anything, also the words GROUP BY.
  const clause = /\bGROUP\s+BY\s+(.+?)(?:\s+ORDER\s+BY\s|\s+LIMIT\s|\s*;?\s*$)/is.exec(sql.replace(/'(?:[^']|'')*'/g, "''"))?.[1];
  if (clause === undefined) return [];
  return (clause.match(/"[^"]+"|[^\s,"]+/g) ?? []).map((column) => column.replace(/^"|"$/g, ''));
}

/**
 * CloudWatch names each series of a Metrics Insights query by the values of its group, separated by spaces. Where values
 * hold spaces themselves the parts cannot be told apart, and the whole name becomes the label `group`.
 */
export function groupLabels(columns: string[], name: string): Labels {
  const [only, second] = columns;
  if (only === undefined) return {};
  if (second === undefined) return { [only]: name };
  const parts = name.split(' ');
  if (parts.length !== columns.length) return { group: name };
  return Object.fromEntries(columns.map((column, index) => [column, parts[index] ?? '']));
}
