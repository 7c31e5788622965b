import { isRatio } from '../../statistics/wilson.ts';
import type { Point } from '../../telemetry/series.ts';
import type { JudgeContext } from '../context.ts';
import { type PointTest, scoreTail } from '../evidence/point-test.ts';
import type { PointsRule } from '../rules/rule-schema.ts';
import { latestOf } from './latest.ts';
import type { PointKind } from './point-kind.ts';
import { cleanPoints } from './points.ts';

/**
 * The tests of judging the series: one per band the alert is not in, for each of the latest N
 * points that is a ratio with enough samples. Staying in a band is no test.
 */
export function pointTests<R extends PointsRule>(
  kind: PointKind<R>,
  rule: R,
  points: readonly Point[],
  context: JudgeContext,
): PointTest[] {
  const { to, current } = context;
  if (current === 'critical') return [];
  const real = cleanPoints(points);
  const { start, end } = latestOf(real, rule, to);
  if (start === end) return [];
  const yardstick = kind.measure(rule, real, start, end, context);
  if (!yardstick.ok) return [];
  const tests: PointTest[] = [];
  for (let i = start; i < end; i += 1) {
    const { at, value, count, refused } = real[i] as Point;
    const bounds = yardstick.each === undefined ? yardstick.bounds : yardstick.each[i - start];
    if (
      refused !== undefined ||
      bounds === undefined ||
      count === undefined ||
      count < Math.max(1, rule.samples.minCount) ||
      !isRatio(value)
    )
      continue;
    for (const band of current === 'warn' ? (['critical'] as const) : (['warn', 'critical'] as const)) {
      if (!Number.isNaN(bounds[band])) tests.push({ at, band, pValue: scoreTail(value, bounds[band], count, bounds.sign) });
    }
  }
  return tests;
}
