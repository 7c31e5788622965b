import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  categoriesOf,
  hashBins,
  inHashBins,
  mergedCategories,
  mostNames,
} from '../../../core/telemetry/profiles/category-counts.ts';
import { distinctCount, distinctOf } from '../../../core/telemetry/profiles/distinct.ts';
import { varianceOf } from '../../../core/telemetry/profiles/moments.ts';
import { type FeatureProfile, type FeatureValue, mergeProfiles, profileOf } from '../../../core/telemetry/profiles/profile.ts';

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
);
const value: fc.Arbitrary<FeatureValue> = fc.oneof(number, fc.string(), fc.boolean(), fc.constant(null));
const values = fc.array(value, { maxLength: 300 });

/** All but mean and squares, which are equal only but for rounding. */
const exactly = (profile: FeatureProfile) => ({
  ...profile,
  numbers: profile.numbers && { ...profile.numbers, mean: undefined, squares: undefined },
});

describe('a profile of parts', () => {
  it('is that of the whole, wherever it is split', () => {
    fc.assert(
      fc.property(values, fc.nat(), (all, at) => {
        const place = at % (all.length + 1);
        const merged = mergeProfiles(profileOf(all.slice(0, place)), profileOf(all.slice(place)));
        expect(exactly(merged)).toEqual(exactly(profileOf(all)));
      }),
    );
  });

  it('is the same in whatever order the parts are merged', () => {
    fc.assert(
      fc.property(values, values, values, (x, y, z) => {
        const [a, b, c] = [profileOf(x), profileOf(y), profileOf(z)];
        expect(exactly(mergeProfiles(mergeProfiles(a, b), c))).toEqual(exactly(mergeProfiles(a, mergeProfiles(b, c))));
        expect(exactly(mergeProfiles(a, b))).toEqual(exactly(mergeProfiles(b, a)));
      }),
    );
  });

  it('has the mean and variance of the whole but for rounding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 200 }),
        fc.nat(),
        (all, at) => {
          const place = 1 + (at % (all.length - 1));
          const { numbers } = mergeProfiles(profileOf(all.slice(0, place)), profileOf(all.slice(place)));
          if (numbers === undefined) throw new Error('expected numbers');
          const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
          const variance = all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / all.length;
          const scale = Math.max(...all.map(Math.abs), 1e-3);
          expect(Math.abs(numbers.mean - mean) / scale).toBeLessThan(1e-12);
          expect(Math.abs(varianceOf(numbers) - variance) / scale ** 2).toBeLessThan(1e-12);
        },
      ),
    );
  });

  it('goes through JSON unchanged, for nothing in it is infinite or not a number', () => {
    fc.assert(
      fc.property(values, values, (x, y) => {
        const merged = mergeProfiles(profileOf(x), profileOf(y));
        expect(JSON.parse(JSON.stringify(merged))).toEqual(merged);
      }),
    );
  });
});

describe('counts of categories', () => {
  const rare = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `c${from + i}`);

  it('are exact while there are few names', () => {
    const merged = mergedCategories([categoriesOf(['b', 'a', 'b']), categoriesOf(['c', 'a'])]);
    expect(merged).toEqual({ names: [['a', 2], ['b', 2], ['c', 1]] }); // biome-ignore format: one line tells it all.
  });

  it('stay bounded for any number of names, keep the frequent one, and lose none of the counts by hash', () => {
    let all = categoriesOf([]);
    for (let part = 0; part < 20; part += 1) {
      all = mergedCategories([
        all,
        categoriesOf([...rare(part * 5000, part * 5000 + 5000), ...Array<string>(200).fill('often')]),
      ]);
      expect(all.names.length).toBeLessThanOrEqual(mostNames);
    }
    const rest = all.rest?.reduce((sum, one) => sum + one, 0) ?? 0;
    const often = all.names.find(([name]) => name === 'often')?.[1] ?? 0;
    expect(often).toBeGreaterThanOrEqual(4000 - rest / (mostNames + 1));
    expect(often).toBeLessThanOrEqual(4000);
    expect(inHashBins(all).reduce((sum, one) => sum + one, 0)).toBe(104_000);
  });

  it('are the same by hash however they were merged', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2000), { maxLength: 4000 }), fc.nat(), (numbers, at) => {
        const names = numbers.map((one) => `c${one}`);
        const place = at % (names.length + 1);
        const merged = mergedCategories([categoriesOf(names.slice(0, place)), categoriesOf(names.slice(place))]);
        expect(inHashBins(merged)).toEqual(inHashBins(categoriesOf(names)));
      }),
      { numRuns: 30 },
    );
    expect(inHashBins(categoriesOf(rare(0, 3000)))).toHaveLength(hashBins);
  });

  it('tell long names apart', () => {
    const long = 'x'.repeat(500);
    expect(categoriesOf([`${long}a`, `${long}b`]).names).toHaveLength(2);
  });
});

describe('the number of distinct values', () => {
  it('is exact when small and near when large', () => {
    expect(distinctCount(distinctOf([1, 1, 2], ['1', 'true', '1']))).toEqual({ count: 4, exact: true });
    const { count, exact } = distinctCount(distinctOf(Array.from({ length: 100_000 }, (_, i) => i)));
    expect(exact).toBe(false);
    expect(Math.abs(count / 100_000 - 1)).toBeLessThan(0.4);
  });
});

describe('a profile against what the feature is declared to be', () => {
  it('counts faults, and takes the numbers of a category for names', () => {
    const price = { type: 'number', min: 0, optional: false } as const;
    expect(profileOf([1, -1, 'x', null, Number.NaN], price)).toMatchObject({ count: 5, nulls: 2, outOfRange: 1, mistyped: 1 });
    const code = profileOf([1, 2, '1'], { type: 'category', values: ['1'], optional: false });
    expect(code).toMatchObject({ unseen: 1, categories: { names: [['1', 2], ['2', 1]] } }); // biome-ignore format: short.
    expect(code.numbers).toBeUndefined();
  });

  it('takes up at most 40 kB', () => {
    const names = Array.from({ length: 3000 }, (_, i) => `${'精'.repeat(100)}${i}`);
    const all = [...names, ...Array.from({ length: 9000 }, (_, i) => Math.sin(i) * 10 ** (i % 200))];
    expect(Buffer.byteLength(JSON.stringify(profileOf(all)))).toBeLessThan(40_000);
    const normal = Array.from({ length: 20_000 }, (_, i) => Math.sqrt(-2 * Math.log((i + 1) / 20_001)) * Math.cos(i));
    expect(Buffer.byteLength(JSON.stringify(profileOf(normal)))).toBeLessThan(6_000);
  });
});
