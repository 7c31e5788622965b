import type { Point } from '../../../telemetry/series.ts';
import { formatBound, formatPercent, formatValue } from '../../../vocabulary/format.ts';
import { formatDuration } from '../../../vocabulary/units.ts';
import type { JudgeContext } from '../../context.ts';
import { around } from '../../points/bands.ts';
import { lastUpTo } from '../../points/latest.ts';
import type { PointKind } from '../../points/point-kind.ts';
import { isReliable } from '../../points/points.ts';
import { boundText, sizeText } from '../../points/reasons.ts';
import { eachOf, type Refusal, type Yardstick } from '../../points/yardstick.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';

type ChangeRule = RuleOf<'rateOfChange'>;

const slackOf = (step: number, over: number): number => Math.max(2 * step, over / 10);

/** Having nothing to compare with yet is normal. */
const no = (reason: string): Refusal => ({ ok: false, reason, isNormal: true });

/**
 * Compares a point with the latest one at least `over` before it, if that is at most two steps or a
 * tenth older.
 */
function measure(rule: ChangeRule, points: readonly Point[], start: number, end: number, { current }: JudgeContext): Yardstick {
  const { over, direction, relative, absolute } = rule.rateOfChange;
  const slack = slackOf(rule.step, over);
  return eachOf(points, start, end, ({ at, value }) => {
    let place = lastUpTo(points, at - over);
    while (place >= 0 && !isReliable(points[place] as Point, rule.samples.minCount)) place -= 1;
    const earlier = points[place];
    if (earlier === undefined || earlier.at < at - over - slack)
      return no(`no point ${formatDuration(over)} before to compare with`);
    // From 0 to 0 is no change, or an alert about what has come to rest at 0 would never end.
    if (relative !== undefined && earlier.value === 0 && value === 0) return { ok: true, ...atRest(earlier.at) };
    if (relative !== undefined && earlier.value === 0) {
      return no(`it was 0 ${formatDuration(over)} before, and a relative change from 0 has no size; use \`absolute\``);
    }
    const sign = direction === 'rise' || (direction === 'either' && value >= earlier.value) ? 1 : -1;
    const unit = relative === undefined ? 1 : Math.abs(earlier.value);
    const { warn = Number.NaN, critical = Number.NaN } = relative ?? absolute ?? {};
    const bounds = around(earlier.value, sign, { warn: warn * unit, critical: critical * unit }, rule.recover, current);
    return { ok: true, bounds, baseline: { kind: 'earlier', value: earlier.value, from: earlier.at } };
  });
}

/** Nothing is past a bound that is no number. */
const atRest = (from: number) => ({
  bounds: around(0, 1, { warn: Number.NaN, critical: Number.NaN }, 1, undefined),
  baseline: { kind: 'earlier' as const, value: 0, from },
});

/** Judges points by their change since an earlier one. The bounds are in that change. */
export const changePoints: PointKind<ChangeRule> = {
  measure,
  bounds: undefined,
  standing: () => undefined,
  reach: ({ rateOfChange: { over }, step }) => over + slackOf(step, over),
  learns: () => false,
  normalBefore: () => undefined,
  placeText({ rateOfChange: { over, relative } }, how, { value }) {
    if (relative === undefined) return ` was ${formatValue(value)} ${formatDuration(over)} before`;
    return ` is ${how} ${formatValue(value)}, what it was ${formatDuration(over)} before`;
  },
  sizes: ({ rateOfChange: { relative }, recover }) =>
    Object.values(relative ?? {}).flatMap((size) => (size === undefined ? [] : [size, size * recover])),
  bandText({ rateOfChange: { relative, absolute }, recover }, band, kept, bounds) {
    if (absolute !== undefined)
      return sizeText(band, kept, recover, absolute[band] ?? 0, (size) => `a change of ${formatBound(size)}`);
    if (relative !== undefined) return sizeText(band, kept, recover, relative[band] ?? 0, formatPercent);
    return boundText(band, kept, bounds);
  },
};
