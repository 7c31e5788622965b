import type { Range } from '../../telemetry/metric-range.ts';
import { formatBound } from '../../vocabulary/format.ts';
import type { Path, Report } from '../../vocabulary/report.ts';
import { type Severity, severities } from '../../vocabulary/schema-parts.ts';
import { rangeOf } from '../rules/range.ts';
import type { PointsRule } from '../rules/rule-schema.ts';
import { type Bounds, isPast } from './bands.ts';
import { metricName } from './metric-name.ts';

/** `accuracy, which is from 0 to 1`. */
export function rangeText(rule: PointsRule): string {
  const { min, max } = rangeOf(rule);
  const ends =
    min === undefined
      ? `at most ${formatBound(max ?? Number.NaN)}`
      : max === undefined
        ? `at least ${formatBound(min)}`
        : `from ${formatBound(min)} to ${formatBound(max)}`;
  return `${metricName(rule.query)}, which is ${ends}`;
}

/**
 * Reports bands that no value of the metric can be in, or that no value can be out of, as far as
 * its ends are known. `pathOf`: the keys of a band. `bounds`: with an alert in both bands, so that
 * its easier bounds are known, too.
 */
export function checkReachable(pathOf: (band: Severity) => Path, rule: PointsRule, bounds: Bounds, report: Report): void {
  const range = rangeOf(rule);
  const [best, worst] = bounds.sign === 1 ? [range.min, range.max] : [range.max, range.min];
  for (const band of severities) {
    const bound = bounds[band];
    if (Number.isNaN(bound)) continue;
    const side = bounds.sign === 1 ? 'above' : 'below';
    const at = formatBound(bound);
    if (worst !== undefined && !breaches(worst, bound, bounds, rule)) {
      const message = `expected a bound that ${rangeText(rule)}, can be past; ${band} begins ${side} ${at}, so it can never fire`;
      report(pathOf(band), 'value', message);
    } else if (best !== undefined && isPast(best, bound, bounds)) {
      report(
        pathOf(band),
        'value',
        `expected a bound that not every value is past; ${band} begins ${side} ${at}, and ${rangeText(rule)}, is always past it`,
      );
    } else if (best !== undefined && isPast(best, band === 'critical' ? bounds.criticalNow : bounds.warnNow, bounds)) {
      const ends = formatBound(band === 'critical' ? bounds.criticalNow : bounds.warnNow);
      report(
        pathOf(band),
        'value',
        `expected an alert that can end; it ends at ${ends}, which ${rangeText(rule)}, does not reach`,
      );
    }
  }
}

/** With an interval, a value exactly at the bound is never surely past it. */
function breaches(value: number, bound: number, bounds: Bounds, { samples, falseAlarms }: PointsRule): boolean {
  const isTested = samples.confidence !== undefined || falseAlarms !== undefined;
  return isTested ? bounds.sign * (value - bound) > 0 : isPast(value, bound, bounds);
}

/**
 * The largest change that the ends of a metric allow, as a share of where it came from; Infinity
 * where they allow any.
 */
export function largestShare({ min, max }: Range, direction: 'drop' | 'rise'): number {
  if (min === undefined || min < 0) return Number.POSITIVE_INFINITY;
  if (direction === 'drop') return max === undefined || max <= 0 ? 1 : (max - min) / max;
  return max === undefined || min === 0 ? Number.POSITIVE_INFINITY : (max - min) / min;
}
