import type { AskingRule, Rule } from '../detection/rules/rule-schema.ts';
import { isAsking } from '../detection/rules/rule-schema.ts';
import type { Path, Report } from '../vocabulary/report.ts';
import type { Config } from './schema.ts';

type Asked = { metric: string; statistic: string; at: Path };

/** Statistics that say nothing about the readings of a counter, which only grow. */
const ofValues: readonly string[] = ['mean', 'sum', 'share', 'p50', 'p90', 'p95', 'p99'];

/**
 * A metric whose `rate` one rule asks for is a counter, so another rule cannot ask for the spread
 * of its readings.
 */
export function checkCounters({ rules }: Pick<Config, 'rules'>, report: Report): void {
  const counters = new Map<string, string>();
  for (const [id, rule] of Object.entries(rules))
    for (const { rule: own, metric, statistic } of asked(rule))
      if (statistic === 'rate') counters.set(key(own, metric), counters.get(key(own, metric)) ?? id);
  for (const [id, rule] of Object.entries(rules)) {
    for (const { rule: own, metric, statistic, at } of asked(rule)) {
      const counter = counters.get(key(own, metric));
      if (counter === undefined || !ofValues.includes(statistic)) continue;
      const message = `${metric} is a counter, for ${counter} asks for its rate; the ${statistic} of its readings says nothing: take \`rate\`, or send its single values as another metric`;
      report(['rules', id, ...at], 'value', message);
    }
  }
}

const key = ({ source }: AskingRule, metric: string): string => JSON.stringify([source, metric]);

function asked(rule: Rule): (Asked & { rule: AskingRule })[] {
  if (!isAsking(rule) || rule.query.samples === undefined) return [];
  const { metric, statistic, ratio } = rule.query.samples;
  const at = ['query', 'samples'];
  if (ratio === undefined) return [{ rule, metric, statistic, at: [...at, statistic === 'share' ? 'share' : 'statistic'] }];
  return (['of', 'over'] as const).map((side) => ({
    rule,
    metric: ratio[side].metric,
    statistic: ratio[side].statistic,
    at: [...at, 'ratio', side, 'statistic'],
  }));
}
