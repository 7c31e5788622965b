import type { Config } from '../../config/schema.ts';
import { parseAskingRule } from '../../detection/rules/parse-rule.ts';
import type { AskingRule } from '../../detection/rules/rule-schema.ts';
import { cloudwatchRules } from './metrics-requested.ts';
import { bandsOf } from './watched-metrics.ts';

/** A typical rule on an existing CloudWatch metric, for a config that has none with two bands. */
const usualRule = (source: string): AskingRule =>
  parseAskingRule({
    source,
    query: { cloudwatch: { metric: { namespace: 'AWS/SageMaker', metric: 'ModelLatency', statistic: 'p99' } } },
    step: '1m',
    every: '5m',
    whileActive: '1m',
    category: 'latency',
    threshold: { above: { warn: 300_000, critical: 800_000 } },
    for: '3/5',
    runbook: 'latency-spike',
  });

export type Scaled = {
  config: Config /** Ids of the rules used as models; empty: the typical rule. */;
  after: string[];
};

/**
 * The config with `count` two-band CloudWatch rules instead of its own, modelled on these in turn.
 * Copies use metrics of their own; rules that share a metric share it in every copy.
 */
export function scaledTo(config: Config, count: number): Scaled {
  const shapes = cloudwatchRules(config).filter(([, rule]) => bandsOf(rule) === 2);
  const named = Object.entries(config.sources).find(([, { kind }]) => kind === 'cloudwatch')?.[0];
  const source = named ?? 'cloudwatch';
  const originals: [string, AskingRule][] =
    shapes.length > 0 ? shapes.map(([id, rule]) => [id, rule]) : [['rule', usualRule(source)]];
  const rules: Config['rules'] = {};
  for (let n = 0; n < count; n += 1) {
    const [id, rule] = originals[n % originals.length] as [string, AskingRule];
    const copy = Math.floor(n / originals.length);
    rules[`${id}-${copy}`] = copy === 0 ? rule : onOtherMetrics(rule, copy);
  }
  const sources: Config['sources'] =
    shapes.length > 0 || named !== undefined ? config.sources : { ...config.sources, [source]: cloudwatch };
  return { config: { ...config, sources, rules }, after: shapes.map(([id]) => id) };
}

const cloudwatch: Config['sources'][string] = { kind: 'cloudwatch', labels: {}, lag: 120_000 };

function onOtherMetrics(rule: AskingRule, copy: number): AskingRule {
  const query = rule.query.cloudwatch;
  if (query === undefined) return rule;
  const other = <M extends { dimensions: Record<string, string> }>(metric: M): M => ({
    ...metric,
    dimensions: { ...metric.dimensions, Copy: String(copy) },
  });
  return {
    ...rule,
    query: {
      cloudwatch: {
        ...query,
        ...(query.metric === undefined ? {} : { metric: other(query.metric) }),
        ...(query.count === undefined ? {} : { count: other(query.count) }),
        ...(query.metrics === undefined
          ? {}
          : { metrics: Object.fromEntries(Object.entries(query.metrics).map(([name, metric]) => [name, other(metric)])) }),
      },
    },
  };
}
