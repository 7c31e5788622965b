import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversionOf } from '../../../core/telemetry/profiles/conversion.ts';
import { type PictureBins, pictureOf } from '../../../core/telemetry/profiles/picture.ts';
import { type FeatureValue, profileOf } from '../../../core/telemetry/profiles/profile.ts';
import { type Shape, shapeOf } from '../../../core/telemetry/profiles/shape.ts';
import { sketchOf } from '../../../core/telemetry/profiles/sketch.ts';

function shape(values: readonly FeatureValue[]): Shape {
  const found = shapeOf(profileOf(values));
  if ('ok' in found) throw new Error(found.reason);
  return found;
}

const numbersOf = (baseline: readonly number[], current: readonly number[]) => {
  const picture = pictureOf(shape(baseline), shape(current));
  if (picture?.kind !== 'numbers') throw new Error('expected numbers');
  return picture;
};

const totalOf = ({ counts, below, above }: PictureBins) => below + above + counts.reduce((sum, count) => sum + count, 0);
const some = fc.array(
  fc.oneof(
    fc.integer({ min: -50, max: 50 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -1.78e308, 6e-322),
  ),
  { minLength: 1, maxLength: 300 },
);

describe('the picture of numbers', () => {
  it('counts every number once, in ascending bins that are bounded', () => {
    fc.assert(
      fc.property(some, some, (before, now) => {
        const picture = numbersOf(before, now);
        for (const [side, values] of [['baseline', before] as const, ['current', now] as const]) {
          const bins = picture[side] as PictureBins;
          expect(totalOf(bins)).toBe(values.length);
          expect(Math.min(...bins.counts, bins.below, bins.above)).toBeGreaterThanOrEqual(0);
          expect(bins.counts).toHaveLength(bins.edges.length - 1);
          expect(bins.counts.length).toBeLessThanOrEqual(50);
          expect(bins.edges.toSorted((a, b) => a - b)).toEqual(bins.edges);
        }
        if (!picture.apart) expect(picture.baseline?.edges).toEqual(picture.current?.edges);
      }),
    );
  });

  it('breaks the axis where both share no range and one would be a line', () => {
    const hours = Array.from({ length: 480 }, (_, i) => (i % 48) / 2);
    const minutes = Array.from({ length: 140 }, (_, i) => 600 + 4 * i);
    const picture = numbersOf(hours, minutes);
    expect(picture.apart).toBe(true);
    expect(picture.baseline?.edges.at(-1)).toBeLessThan(picture.current?.edges[0] ?? 0);
    expect(
      numbersOf(
        hours,
        hours.map((hour) => hour + 30),
      ).apart,
    ).toBe(false);
  });

  it('gives few whole numbers a bin each', () => {
    const picture = numbersOf([0, 1, 2, 3, 4, 5, 6, 6], [2, 2, 2]);
    expect(picture.baseline?.counts).toEqual([1, 1, 1, 1, 1, 1, 2]);
    expect(picture.current?.counts).toEqual([0, 0, 3, 0, 0, 0, 0]);
  });

  it('cuts off a far tail, and counts it', () => {
    const values = [...Array.from({ length: 999 }, (_, i) => i / 100), 1e6];
    const { current } = numbersOf(values, values);
    expect(current?.above).toBeGreaterThan(0);
    expect(current?.edges.at(-1)).toBeLessThan(100);
  });
});

it('the picture of categories has those that are most, and counts all others', () => {
  const many = Array.from({ length: 400 }, (_, i) => `c${i % 40}`);
  const picture = pictureOf(shape([...many, ...Array(100).fill('old')]), shape([...many, ...Array(300).fill('new')]));
  if (picture?.kind !== 'categories') throw new Error('expected categories');
  expect(picture.rows.slice(0, 2)).toEqual([
    { name: 'new', baseline: 0, current: 300 },
    { name: 'old', baseline: 100, current: 0 },
  ]);
  expect(picture.rows.reduce((sum, { current }) => sum + current, picture.others.current)).toBe(700);
});

describe('a guess at a conversion', () => {
  const hours = sketchOf(Array.from({ length: 2880 }, (_, i) => (i % 1440) / 60));
  it('is made where converted numbers fit', () => {
    const minutes = sketchOf(Array.from({ length: 1440 }, (_, i) => i));
    expect(conversionOf(hours, minutes)?.text).toBe('divided by 60');
    expect(conversionOf(hours, minutes)?.psi).toBeLessThan(0.1);
  });
  it('is not made where none fits, or nothing has to be converted', () => {
    expect(conversionOf(hours, sketchOf(Array.from({ length: 500 }, (_, i) => 5000 + i)))).toBeUndefined();
    expect(conversionOf(hours, hours)).toBeUndefined();
  });
});
