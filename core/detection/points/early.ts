import type { Point } from '../../telemetry/series.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { unknownKind } from '../../vocabulary/unknown-kind.ts';
import type { AskingRule, RuleCommon } from '../rules/rule-schema.ts';
import type { Verdict } from '../verdict.ts';
import { type Bounds, isPast } from './bands.ts';

/**
 * On which side of a constant bound an unfinished step breaches for good, whatever else arrives: 1
 * above, -1 below, undefined if it may be undone. The value must only be able to move further to
 * that side: a maximum or count above a bound, a minimum below one, with a constant bound. Negative
 * samples can lower a sum, any sample a mean, the sample size an interval, and late points a
 * baseline. Also undefined for a rule evaluated less than once per step: a skipped step must not
 * alert.
 */
export function earlySide(rule: AskingRule): 1 | -1 | undefined {
  const isTested = rule.samples.confidence !== undefined || rule.falseAlarms !== undefined;
  const isSeldom = rule.every !== undefined && rule.every > rule.step;
  return isTested || isSeldom || rule.samples.lateLabels !== 0 ? undefined : growthOf(rule);
}

/**
 * Whether a span's value can only grow (1) or shrink (-1) with more records; undefined if either.
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
    case 'p50':
    case 'p90':
    case 'p95':
    case 'p99':
    case 'rate':
    case 'share':
    case 'ratio':
    case undefined:
      return undefined;
    default:
      return unknownKind('statistic', statistic);
  }
}

/** Whether the point of an unfinished step is past a bound. */
export function breachesEarly(rule: AskingRule, open: Point, bounds: Bounds): boolean {
  const { value, count } = open;
  if (!Number.isFinite(value) || (count !== undefined && count < rule.samples.minCount)) return false;
  return isPast(value, bounds.warnNow, bounds) || isPast(value, bounds.criticalNow, bounds);
}

const rank: Readonly<Record<Severity, number>> = { warn: 1, critical: 2 };

/**
 * The verdict over finished steps, or the one including the unfinished step if that is worse. The
 * unfinished step can raise an alert, but never hides an older point. `current` is the alert's
 * band.
 */
export function worseOf(ended: Verdict, withOpen: Verdict, { noData }: RuleCommon, current: Severity | undefined): Verdict {
  if (bandAfter(withOpen, noData, current) <= bandAfter(ended, noData, current)) return ended;
  return { ...withOpen, reason: `${withOpen.reason}; the step is not over, and more data cannot take that back` };
}

/** The alert's band after a verdict, unchanged if it could not be judged; 0 for none. */
function bandAfter({ status, judged }: Verdict, noData: RuleCommon['noData'], current: Severity | undefined): number {
  if (status === 'warn' || status === 'critical') return rank[status];
  const held = current === undefined ? 0 : rank[current];
  if (status === 'no data') return noData === 'ok' ? 0 : Math.max(held, noData === 'alert' ? rank.warn : 0);
  return judged ? 0 : held;
}
