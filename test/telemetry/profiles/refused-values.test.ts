import { describe, expect, it } from 'vitest';
import { normal, randomOf } from '../../../bench/random.ts';
import type { DriftMeasure } from '../../../core/statistics/distributions/measures.ts';
import { compareShapes } from '../../../core/telemetry/profiles/compare.ts';
import { type FeatureValue, mergeProfiles, profileOf } from '../../../core/telemetry/profiles/profile.ts';
import { shapeOf } from '../../../core/telemetry/profiles/shape.ts';

const shape = (values: readonly FeatureValue[]) => {
  const found = shapeOf(profileOf(values));
  if ('ok' in found) throw new Error(found.reason);
  return found;
};
const compare = (measure: DriftMeasure, was: readonly FeatureValue[], is: readonly FeatureValue[]) => {
  const found = compareShapes(measure, shape(was), shape(is));
  return found.ok ? { value: Number(found.drift.value.toFixed(4)), p: found.pValue ?? Number.NaN } : found.reason;
};
const random = randomOf(3);
const normals = (count: number, scale = 1) => Array.from({ length: count }, () => 100 + 10 * scale * normal(random));
const of = (counts: Record<string, number>) => Object.entries(counts).flatMap(([name, count]) => Array<string>(count).fill(name));

describe('violations of what a baseline was like', () => {
  it('are none where nothing is new', () => {
    expect(compare('violations', of({ red: 700, blue: 300 }), of({ red: 10, blue: 90 }))).toEqual({ value: 0, p: 1 });
    const ramp = Array.from({ length: 1000 }, (_, i) => i + 1);
    expect(compare('violations', ramp, ramp.slice(100, 300))).toMatchObject({ value: 0 });
  });

  it('are categories that never were, and certain where there are many', () => {
    const found = compare('violations', of({ red: 700, blue: 300 }), of({ red: 60, green: 40 }));
    expect(found).toMatchObject({ value: 0.4 });
    expect((found as { p: number }).p).toBeLessThan(1e-10);
  });

  it('are no surprise where categories that come once are usual', () => {
    const names = (from: number, count: number) => Array.from({ length: count }, (_, i) => `id-${from + i}`);
    const found = compare('violations', [...of({ usual: 900 }), ...names(0, 100)], [...of({ usual: 90 }), ...names(500, 10)]);
    expect(found).toEqual({ value: 0, p: expect.closeTo(0.5, 0) });
  });

  it('are numbers beyond all of the baseline, on either side', () => {
    const was = Array.from({ length: 1000 }, (_, i) => 50 + (i % 100));
    const is = [...Array<number>(90).fill(75), ...Array<number>(6).fill(900), ...Array<number>(4).fill(-3)];
    expect(compare('violations', was, is)).toMatchObject({ value: 0.098 });
  });

  it('are values of another type, some of them or all', () => {
    const was = Array.from({ length: 1000 }, (_, i) => i);
    expect(compare('violations', was, [...Array<number>(80).fill(5), ...of({ five: 20 })])).toMatchObject({ value: 0.198 });
    expect(compare('violations', was, of({ five: 100 }))).toMatchObject({ value: 1 });
  });

  it('are not told where there are more categories than are known by name', () => {
    const many = Array.from({ length: 500 }, (_, i) => `c${i}`);
    expect(compare('violations', [...many, ...many], many)).toBe('it has more categories than are tracked by name');
  });
});

describe('outliers by the quantiles of a baseline', () => {
  it.each(['outliers', 'outliers_z'] as const)(
    'are none in more of the same, and found where there are some, by %s',
    (measure) => {
      const was = normals(5000);
      const same = compare(measure, was, normals(1000)) as { value: number; p: number };
      expect(same.value).toBeLessThan(0.003);
      expect(same.p).toBeGreaterThan(0.01);
      const odd = compare(measure, was, [...normals(950), ...Array<number>(50).fill(400)]) as { value: number; p: number };
      expect(odd.value).toBeCloseTo(0.05, 2);
      expect(odd.p).toBeLessThan(1e-10);
    },
  );

  it('are for numbers', () => {
    expect(compare('outliers', of({ a: 9 }), of({ a: 9 }))).toBe('outliers needs numbers; it has categories');
  });

  const odd: [string, number[], number[]][] = [
    ['constants', Array<number>(100).fill(3), Array<number>(100).fill(3)],
    ['one value', [1], [2]],
    ['huge numbers', normals(100).map((x) => x * 1e306), normals(100).map((x) => -x * 1e306)],
    ['mostly zeros', [...Array<number>(90).fill(0), ...normals(10)], [...Array<number>(90).fill(0), ...normals(10)]],
  ];
  it.each(odd)('are defined and finite for %s', (_, was, is) => {
    for (const measure of ['violations', 'outliers', 'outliers_z'] as const) {
      const found = compare(measure, was, is);
      if (typeof found === 'string') throw new Error(found);
      expect(found.value).toBeGreaterThanOrEqual(0);
      expect(found.value).toBeLessThanOrEqual(1);
      expect(found.p).toBeGreaterThanOrEqual(0);
      expect(found.p).toBeLessThanOrEqual(1);
    }
  });
});

it('keeps how many values were of the other kind when profiles merge', () => {
  const merged = shapeOf(mergeProfiles(profileOf([1, 2, 'x']), profileOf([3, 'y'])));
  expect(merged).toMatchObject({ kind: 'numbers', count: 3, others: 2 });
});
