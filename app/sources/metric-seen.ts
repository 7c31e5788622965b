import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import { metricsOf } from '../../core/telemetry/samples/sample-series.ts';
import { nearest } from '../../core/vocabulary/nearest.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import type { Store } from '../ports/store.ts';

/**
 * What is odd about the metric of a rule on pushed samples: a store that holds others of its source
 * has never seen it. Undefined while the store holds nothing of that source.
 */
export function unseenMetric({ query, source }: AskingRule, seen: readonly string[]): string | undefined {
  if (query.samples === undefined || seen.length === 0) return undefined;
  const metric = metricsOf(query.samples).find((one) => !seen.includes(one));
  if (metric === undefined) return undefined;
  const near = nearest(metric, seen);
  const hint =
    near === undefined ? `it has ${seen.slice(0, 5).join(', ')}${seen.length > 5 ? ' ...' : ''}` : `did you mean ${shown(near)}?`;
  return `${source} has no sample of ${shown(metric)}; ${hint}`;
}

/** The same, as a store has it now. */
export const unseenMetricOf = async (store: Pick<Store, 'metrics'>, rule: AskingRule): Promise<string | undefined> =>
  rule.query.samples === undefined ? undefined : unseenMetric(rule, await store.metrics(rule.source));
