import { describe, expect, it } from 'vitest';
import { baselineOf, medianOf } from '../../../core/detection/baselines/baseline.ts';
import { minute, pointsOf, to } from './rule.ts';

const rolling = { window: 10 * minute, statistic: 'median' as const, minPoints: 3 };
const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

describe('a rolling baseline', () => {
  it('covers the window that ends just before the judged points', () => {
    const found = baselineOf({ rolling }, pointsOf(values), to, [], undefined);
    expect(found).toEqual({
      ok: true,
      baseline: { kind: 'rolling', value: 6.5, statistic: 'median', points: 10, from: to - 10 * minute, to },
    });
  });

  it('may be a mean', () => {
    const found = baselineOf({ rolling: { ...rolling, statistic: 'mean' } }, pointsOf([2, 4, 9, 0]), to, [], undefined);
    expect(found).toMatchObject({ ok: true, baseline: { value: 5, points: 3 } });
  });

  it('leaves out the spans of earlier alerts', () => {
    const found = baselineOf({ rolling }, pointsOf(values), to, [{ from: to - 3 * minute, to: to - minute }], undefined);
    expect(found).toMatchObject({ ok: true, baseline: { value: 5, points: 7 } });
  });

  it('is refused where too few points are left, and says how many belong to alerts', () => {
    const found = baselineOf({ rolling }, pointsOf(values), to, [{ from: to - 8 * minute, to }], undefined);
    expect(found).toEqual({
      ok: false,
      byAlerts: true,
      reason: 'baseline refused: 2 points in the 10m before (8 more belong to earlier alerts), expected at least 3',
    });
  });

  it('is refused when it is zero, for nothing is relative to zero', () => {
    const found = baselineOf({ rolling }, pointsOf([0, 0, 0, 0, 1]), to, [], undefined);
    expect(found).toEqual({ ok: false, reason: 'baseline refused: it is 0, and a degradation is relative to it' });
  });

  it('is refused when it overflows', () => {
    const huge = pointsOf([1e308, 1e308, 1e308, 1]);
    expect(baselineOf({ rolling: { ...rolling, statistic: 'mean' } }, huge, to, [], undefined)).toMatchObject({ ok: false });
    expect(baselineOf({ rolling }, pointsOf([1e308, 1e308, 1e308, 1e308, 1]), to, [], undefined)).toMatchObject({
      ok: true,
      baseline: { value: 1e308 },
    });
  });

  it('stands as it is once an alert froze it', () => {
    const frozen = { kind: 'rolling' as const, value: 42, statistic: 'mean' as const, points: 9, from: 0, to: 1 };
    expect(baselineOf({ rolling }, pointsOf(values), to, [], frozen)).toEqual({ ok: true, baseline: frozen });
  });
});

describe('a fixed baseline', () => {
  it('follows the config, whatever an alert froze before the config changed', () => {
    expect(baselineOf({ fixed: 0.8 }, [], to, [], { kind: 'fixed', value: 0.5 })).toEqual({
      ok: true,
      baseline: { kind: 'fixed', value: 0.8 },
    });
  });

  it.each([0, Number.NaN, Number.POSITIVE_INFINITY])('is refused when it is %d', (fixed) => {
    expect(baselineOf({ fixed }, [], to, [], undefined)).toMatchObject({ ok: false });
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
