import type { Point } from '../../telemetry/series.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { AskingRule, RuleCommon } from '../rules/rule-schema.ts';
import type { Verdict } from '../verdict.ts';
import { type Bounds, isPast } from './bands.ts';

/**
 * On which side of a bound that stands still a breach of a step that has not ended stands whatever
 * else comes in that step: 1 above it, -1 below it, undefined where it may be taken back. The value
 * can only move further to the side on which the bound lies. So it is for the largest sample and
 * for a count above a bound, and for the smallest sample below one, where the bound itself stands
 * still, too. A sum may fall again by negative samples, a mean by any, and a confidence interval by
 * the size of its sample; a baseline that is taken from points may still be revised by late ones. A
 * rule that is evaluated less often than once a step leaves steps out, and one of these must not
 * raise what the ticks would never have seen.
 */
export function earlySide(rule: AskingRule): 1 | -1 | undefined {
  const isTested = rule.samples.confidence !== undefined || rule.falseAlarms !== undefined;
  const isSeldom = rule.every !== undefined && rule.every > rule.step;
  return isTested || isSeldom || rule.samples.lateLabels !== 0 ? undefined : growthOf(rule);
}

/**
 * Where the value of a span can only move as more records come: 1 up, -1 down; undefined where it
 * may go either way.
 */
function growthOf({ query }: AskingRule): 1 | -1 | undefined {
  const counts = query.predictions?.metric;
  if (counts === 'count' || counts === 'labelled') return 1;
  const statistic = query.samples?.statistic;
  switch (statistic) {
    case 'max':
    case 'count':
      return 1;
    case 'min':
      return -1;
    case 'mean':
    case 'sum':
    case 'last':
    case 'age':
    case undefined:
      return undefined;
    default:
      return unknownKind('statistic', statistic);
  }
}

/** Whether the point of a step that is still open lies past a bound. */
export function breachesEarly(rule: AskingRule, open: Point, bounds: Bounds): boolean {
  const { value, count } = open;
  if (!Number.isFinite(value) || (count !== undefined && count < rule.samples.minCount)) return false;
  return isPast(value, bounds.warnNow, bounds) || isPast(value, bounds.criticalNow, bounds);
}

const rank: Readonly<Record<Severity, number>> = { warn: 1, critical: 2 };

/**
 * The verdict over the steps that are over, or the one over these and the open step where that is
 * worse. The open step can raise an alert, and never takes the place of an older point to its good.
 * `current` is the band that the alert is in.
 */
export function worseOf(ended: Verdict, withOpen: Verdict, { noData }: RuleCommon, current: Severity | undefined): Verdict {
  if (bandAfter(withOpen, noData, current) <= bandAfter(ended, noData, current)) return ended;
  return { ...withOpen, reason: `${withOpen.reason}; the step is not over, and more data cannot take that back` };
}

/**
 * The band that the alert is in after a verdict, which one that could not be judged leaves as it
 * is; 0 for none.
 */
function bandAfter({ status, judged }: Verdict, noData: RuleCommon['noData'], current: Severity | undefined): number {
  if (status === 'warn' || status === 'critical') return rank[status];
  const held = current === undefined ? 0 : rank[current];
  if (status === 'no data') return noData === 'ok' ? 0 : Math.max(held, noData === 'alert' ? rank.warn : 0);
  return judged ? 0 : held;
}
