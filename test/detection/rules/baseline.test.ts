import { describe, expect, it } from 'vitest';
import { medianOf } from '../../../core/detection/baselines/baseline.ts';
import { rollingBaseline } from '../../../core/detection/baselines/rolling.ts';
import { baselineKinds } from '../../../core/detection/baselines/table.ts';
import { drop, minute, pointsOf, to } from './rule.ts';

const rolling = { window: 10 * minute, statistic: 'median' as const, minPoints: 3 };
const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

describe('a rolling baseline', () => {
  it('covers the window that ends just before the judged points', () => {
    const found = rollingBaseline(rolling, pointsOf(values), to, [], undefined);
    expect(found).toEqual({
      ok: true,
      baseline: { kind: 'rolling', value: 6.5, statistic: 'median', points: 10, from: to - 10 * minute, to },
    });
  });

  it('may be a mean', () => {
    const found = rollingBaseline({ ...rolling, statistic: 'mean' }, pointsOf([2, 4, 9, 0]), to, [], undefined);
    expect(found).toMatchObject({ ok: true, baseline: { value: 5, points: 3 } });
  });

  it('leaves out the spans of earlier alerts', () => {
    const found = rollingBaseline(rolling, pointsOf(values), to, [{ from: to - 3 * minute, to: to - minute }], undefined);
    expect(found).toMatchObject({ ok: true, baseline: { value: 5, points: 7 } });
  });

  it('is refused where too few points are left, and says how many belong to alerts', () => {
    const found = rollingBaseline(rolling, pointsOf(values), to, [{ from: to - 8 * minute, to }], undefined);
    expect(found).toEqual({
      ok: false,
      byAlerts: true,
      reason: 'baseline refused: 2 points in the 10m before (8 more belong to earlier alerts), expected at least 3',
    });
  });

  it('is refused when it is zero, for nothing is relative to zero', () => {
    const found = rollingBaseline(rolling, pointsOf([0, 0, 0, 0, 1]), to, [], undefined);
    expect(found).toEqual({ ok: false, reason: 'baseline refused: it is 0, and a degradation is relative to it' });
  });

  it('is refused when it overflows', () => {
    const huge = pointsOf([1e308, 1e308, 1e308, 1]);
    expect(rollingBaseline({ ...rolling, statistic: 'mean' }, huge, to, [], undefined)).toMatchObject({ ok: false });
    expect(rollingBaseline(rolling, pointsOf([1e308, 1e308, 1e308, 1e308, 1]), to, [], undefined)).toMatchObject({
      ok: true,
      baseline: { value: 1e308 },
    });
  });

  it('stands as it is once an alert froze it', () => {
    const frozen = { kind: 'rolling' as const, value: 42, statistic: 'mean' as const, points: 9, from: 0, to: 1 };
    expect(rollingBaseline(rolling, pointsOf(values), to, [], frozen)).toEqual({ ok: true, baseline: frozen });
  });
});

describe('a fixed baseline', () => {
  const rule = drop();
  const found = (value: number) =>
    baselineKinds.fixed.normal(
      { kind: 'fixed', value },
      { rule, points: [], before: to, context: { now: to, to, frozen: { kind: 'fixed', value: 0.5 } } },
      to,
    );

  it('follows the config, whatever an alert froze before the config changed', () => {
    expect(found(0.8)).toEqual({ ok: true, baseline: { kind: 'fixed', value: 0.8 } });
  });

  it.each([0, Number.NaN, Number.POSITIVE_INFINITY])('is refused when it is %d', (fixed) => {
    expect(found(fixed)).toMatchObject({ ok: false });
  });
});

describe('the median', () => {
  it('is the middle value, or the mean of the two middle ones', () => {
    expect(medianOf(Float64Array.of(3, 1, 2))).toBe(2);
    expect(medianOf(Float64Array.of(4, 1, 3, 2))).toBe(2.5);
    expect(medianOf(Float64Array.of(-10, -9, -100))).toBe(-10);
    expect(medianOf(new Float64Array())).toBeNaN();
  });
});
