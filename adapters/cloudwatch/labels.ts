import type { Labels } from '../../core/vocabulary/schema-parts.ts';
import type { CloudwatchMetric } from './plan.ts';

/** The dimensions all metrics of an expression share. */
export function commonDimensions(metrics: CloudwatchMetric[]): Labels {
  const [first, ...others] = metrics;
  if (first === undefined) return {};
  const shared = Object.entries(first.dimensions).filter(([name, value]) =>
    others.every(({ dimensions }) => dimensions[name] === value),
  );
  return Object.fromEntries(shared);
}

/** The columns in a query's GROUP BY, without quotes; empty if there is none. */
export function groupColumns(sql: string): string[] {
  // A quoted value may contain anything, even the words GROUP BY.
  const clause = /\bGROUP\s+BY\s+(.+?)(?:\s+ORDER\s+BY\s|\s+LIMIT\s|\s*;?\s*$)/is.exec(sql.replace(/'(?:[^']|'')*'/g, "''"))?.[1];
  if (clause === undefined) return [];
  return (clause.match(/"[^"]+"|[^\s,"]+/g) ?? []).map((column) => column.replace(/^"|"$/g, ''));
}

/**
 * CloudWatch names each series of a Metrics Insights query by its group values, separated by
 * spaces. If values contain spaces the parts are ambiguous, so the whole name becomes the label
 * `group`.
 */
export function groupLabels(columns: string[], name: string): Labels {
  const [only, second] = columns;
  if (only === undefined) return {};
  if (second === undefined) return { [only]: name };
  const parts = name.split(' ');
  if (parts.length !== columns.length) return { group: name };
  return Object.fromEntries(columns.map((column, index) => [column, parts[index] ?? '']));
}
