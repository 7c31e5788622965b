import { normalTail } from '../../statistics/normal.ts';
import { isRatio } from '../../statistics/wilson.ts';
import type { Point } from '../../telemetry/series.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { lookbackOf } from '../baselines/lookback.ts';
import { yardstickOf } from '../baselines/yardstick.ts';
import type { JudgeContext } from '../context.ts';
import type { Rule } from '../rules/rule-schema.ts';
import { cleanPoints } from './points.ts';

/** The question whether one point of a series lies past the bound of one band, and the chance of as much if it lay at the bound. */
export type PointTest = { at: number; band: Severity; pValue: number };

/**
 * The tests that judging the series asks, of each of the latest N points that is a ratio of enough samples: one for each band
 * that the alert is not in. What is in a band already stays there by its value, which is no test.
 */
export function pointTests(rule: Rule, points: readonly Point[], context: JudgeContext): PointTest[] {
  const { to, current } = context;
  if (current === 'critical') return [];
  const real = cleanPoints(points);
  const { start, end } = latestOf(real, rule, to);
  if (start === end) return [];
  const yardstick = yardstickOf(rule, real, start, end, context);
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

/** The latest N points that are judged, from `start` to before `end`; `points` are clean. */
export function latestOf(points: readonly Point[], rule: Rule, to: number): { start: number; end: number } {
  let end = points.length;
  while (end > 0 && (points[end - 1] as Point).at > to) end -= 1;
  const earliest = to - lookbackOf(rule);
  let start = end;
  while (start > 0 && end - start < rule.for.n && (points[start - 1] as Point).at > earliest) start -= 1;
  return { start, end };
}

/**
 * The chance of a ratio at least this far on the bad side of a bound, if its true value lay at the bound: the score test, which agrees
 * with the Wilson interval. A bound that no ratio can lie at is passed for certain, or never.
 */
export function scoreTail(ratio: number, bound: number, count: number, sign: 1 | -1): number {
  const beyond = sign * (ratio - bound);
  if (!(beyond > 0)) return 1;
  if (bound <= 0 || bound >= 1) return 0;
  return normalTail(beyond / Math.sqrt((bound * (1 - bound)) / count));
}
