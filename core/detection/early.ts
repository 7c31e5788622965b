import type { Summary } from '../telemetry/samples/summary.ts';
import { askingKindOf } from './kinds/table.ts';
import { isPast } from './points/bands.ts';
import { earlySide } from './points/early.ts';
import type { AskingRule } from './rules/rule-schema.ts';

/** Whether a step is judged before it is over, for what it shows can only become worse. */
export function isJudgedEarly(rule: AskingRule): boolean {
  const side = earlySide(rule);
  return side !== undefined && askingKindOf(rule).standing(rule, undefined)?.side === side;
}

/**
 * Whether what has been folded into one bucket may make a rule breach that is judged early. A count
 * says nothing by itself, for there may be more in the bucket, and any sample may complete
 * `minCount`; the largest or smallest sample of a bucket is that of one of the batches folded into
 * it.
 */
export function mayBreachEarly(rule: AskingRule, added: Summary): boolean {
  const statistic = rule.query.samples?.statistic;
  if (added.kind !== 'values' || statistic === 'count' || rule.samples.minCount > 1) return true;
  const standing = askingKindOf(rule).standing(rule, undefined);
  if (standing === undefined) return false;
  const value = statistic === 'min' ? added.min : added.max;
  return isPast(value, standing.bounds.warn, standing.bounds) || isPast(value, standing.bounds.critical, standing.bounds);
}
