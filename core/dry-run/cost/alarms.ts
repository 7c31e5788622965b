import type { Config } from '../../config/schema.ts';
import { askingKindOf } from '../../detection/kinds/table.ts';
import type { AskingRule } from '../../detection/rules/rule-schema.ts';
import type { Assumed } from './assumptions.ts';
import { cloudwatchRules } from './metrics-requested.ts';
import { charge, type PriceName } from './prices.ts';
import { bandsOf, type Watched, watchedBy } from './watched-metrics.ts';

/** What the rules that read CloudWatch would cost as alarms of CloudWatch, one alarm for each band. */
export type AlarmBill = {
  alarms: number;
  /** What each kind of alarm is charged for, and how much of it there is. */
  charged: Partial<Record<PriceName, number>>;
  usd: number;
  /** What it would cost more to keep warn silent while critical rings, by a composite alarm for each rule of two bands. */
  compositeUsd: number;
};

/**
 * A standard alarm costs by the metrics it watches: one, or those of its metric math, to which the count joins where a rule
 * guards against few samples; for SQL the metrics that are scanned. A pair of burn-rate windows is an alarm whose math looks at
 * each metric over both. A moving baseline would be an anomaly detection alarm.
 */
export function alarmBill(config: Pick<Config, 'rules'>, assumed: Assumed): AlarmBill {
  const bill: AlarmBill = { alarms: 0, charged: {}, usd: 0, compositeUsd: 0 };
  for (const [, rule, query] of cloudwatchRules(config)) {
    const bands = bandsOf(rule);
    const { alarms, name, each } = alarmOf(rule, watchedBy(query, assumed.sqlMetrics));
    bill.alarms += alarms;
    bill.charged[name] = (bill.charged[name] ?? 0) + alarms * each;
    bill.usd += charge(name, alarms * each);
    if (bands > 1) bill.compositeUsd += charge('alarmComposite', 1);
  }
  return bill;
}

function alarmOf(rule: AskingRule, { named, scanned }: Watched): { alarms: number; name: PriceName; each: number } {
  const { alarms, spans, isAnomaly } = askingKindOf(rule).asAlarms(rule);
  if (isAnomaly) return { alarms, name: 'alarmAnomaly', each: 1 };
  return { alarms, name: rule.step < 60_000 ? 'alarmHighResolution' : 'alarm', each: spans * (named.length + scanned) };
}
