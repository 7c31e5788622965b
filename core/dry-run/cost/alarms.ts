import type { Config } from '../../config/schema.ts';
import { askingKindOf } from '../../detection/kinds/table.ts';
import type { AskingRule } from '../../detection/rules/rule-schema.ts';
import type { Assumed } from './assumptions.ts';
import { cloudwatchRules } from './metrics-requested.ts';
import { charge, type PriceName } from './prices.ts';
import { bandsOf, type Watched, watchedBy } from './watched-metrics.ts';

/** The cost of the CloudWatch rules as CloudWatch alarms, one alarm per band. */
export type AlarmBill = {
  alarms: number;
  /** The billed quantity for each kind of alarm. */
  charged: Partial<Record<PriceName, number>>;
  usd: number;
  /**
   * The extra cost of muting warn while critical fires: a composite alarm per rule with two bands.
   */
  compositeUsd: number;
};

/**
 * A standard alarm is billed per metric it watches: one, or those in its metric math (plus the
 * count, if the rule has a minimum count); for SQL, the scanned metrics. A burn-rate window pair is
 * one alarm that reads each metric twice. A moving baseline would be an anomaly detection alarm.
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
