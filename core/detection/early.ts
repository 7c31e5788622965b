import type { Summary } from '../telemetry/samples/summary.ts';
import { askingKindOf } from './kinds/table.ts';
import { isPast } from './points/bands.ts';
import { earlySide } from './points/early.ts';
import type { AskingRule } from './rules/rule-schema.ts';

/** Whether an unfinished step is judged, because its result can only get worse. */
export function isJudgedEarly(rule: AskingRule): boolean {
  const side = earlySide(rule);
  return side !== undefined && askingKindOf(rule).standing(rule, undefined)?.side === side;
}

/**
 * Whether records folded into one bucket may cause a breach of a rule that is judged early. A count
 * alone tells nothing, because the bucket may hold more, and any sample may complete `minCount`.
 * The extreme sample of a bucket always comes from one of its batches.
 */
export function mayBreachEarly(rule: AskingRule, added: Summary): boolean {
  const statistic = rule.query.samples?.statistic;
  if (added.kind !== 'values' || statistic === 'count' || rule.samples.minCount > 1) return true;
  const standing = askingKindOf(rule).standing(rule, undefined);
  if (standing === undefined) return false;
  const value = statistic === 'min' ? added.min : added.max;
  return isPast(value, standing.bounds.warn, standing.bounds) || isPast(value, standing.bounds.critical, standing.bounds);
}
