import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareHomogeneity } from '../../../core/statistics/distributions/chi-square.ts';
import { hellinger } from '../../../core/statistics/distributions/hellinger.ts';
import { jensenShannonDistance, jensenShannonDivergence } from '../../../core/statistics/distributions/jensen-shannon.ts';
import { lInfinity, lInfinityRobust } from '../../../core/statistics/distributions/l-infinity.ts';
import { populationStabilityIndex } from '../../../core/statistics/distributions/psi.ts';
import { type Table, tableOfCounts } from '../../../core/statistics/distributions/table.ts';
import { totalVariation } from '../../../core/statistics/distributions/total-variation.ts';
import { type DriftValue, differentTerms } from '../../../core/statistics/distributions/value.ts';
import type { Refused } from '../../../core/statistics/refused.ts';
import { given, rows, tableWith } from './given.ts';

const measures: Record<string, { of: (table: Table) => DriftValue | Refused; most: number }> = {
  'PSI with a pseudocount': { of: (table) => populationStabilityIndex(table), most: Number.POSITIVE_INFINITY },
  'PSI with a floor': {
    of: (table) => populationStabilityIndex(table, { kind: 'floor', at: 1e-4 }),
    most: Number.POSITIVE_INFINITY,
  },
  'Jensen-Shannon distance': { of: (table) => jensenShannonDistance(table), most: 1 },
  'Jensen-Shannon divergence in nats': { of: (table) => jensenShannonDivergence(table, 'e'), most: Math.LN2 },
  Hellinger: { of: hellinger, most: 1 },
  'total variation': { of: totalVariation, most: 1 },
  'L-infinity': { of: lInfinity, most: 1 },
  'L-infinity, robust': { of: (table) => lInfinityRobust(table), most: 1 },
  'chi-square': { of: chiSquareHomogeneity, most: 1 },
};
const names = Object.keys(measures);
const measured = (name: string, table: Table): DriftValue | Refused =>
  (measures[name] as { of: (t: Table) => DriftValue | Refused }).of(table);
const close = (a: DriftValue | Refused, b: DriftValue | Refused): boolean => {
  if (!a.ok || !b.ok) return a.ok === b.ok;
  const near = (x: number | undefined, y: number | undefined): boolean =>
    x === y || Math.abs((x ?? Number.NaN) - (y ?? Number.NaN)) <= 1e-9 * Math.abs(x ?? 0) + 1e-12;
  return near(a.value, b.value) && near(a.pValue, b.pValue);
};

describe('every measure of counts', () => {
  it.each(names)('%s is a finite number within its bounds, and its p-value a probability', (name) => {
    fc.assert(
      fc.property(rows, ([was, is]) => {
        const found = measured(name, tableWith(was, is));
        if (!found.ok) return found.reason.length > 0;
        const { value, pValue = 0, test } = found;
        const numbers = [value, pValue, test?.statistic ?? 0, test?.degreesOfFreedom ?? 0];
        return numbers.every(Number.isFinite) && value >= 0 && value <= (measures[name]?.most ?? 0) && pValue >= 0 && pValue <= 1;
      }),
    );
  });

  it.each(names)('%s is the same both ways round', (name) => {
    fc.assert(fc.property(rows, ([was, is]) => close(measured(name, tableWith(was, is)), measured(name, tableWith(is, was)))));
  });

  it.each(names)('%s does not depend on the order of the bins', (name) => {
    fc.assert(
      fc.property(rows, fc.nat(30), ([was, is], by) => {
        const turned = (row: number[]): number[] => [...row.slice(by % row.length), ...row.slice(0, by % row.length)].reverse();
        return close(measured(name, tableWith(was, is)), measured(name, tableWith(turned(was), turned(is))));
      }),
    );
  });

  it.each(names)('%s does not depend on bins that are empty on both sides', (name) => {
    fc.assert(
      fc.property(rows, ([was, is]) =>
        close(measured(name, tableWith(was, is)), measured(name, tableWith([0, ...was, 0], [0, ...is, 0]))),
      ),
    );
  });

  it.each(names)('%s is 0 between equal shares', (name) => {
    for (const times of [1, 3]) {
      const found = measured(name, tableWith([10, 20, 30, 40], [10 * times, 20 * times, 30 * times, 40 * times]));
      expect(given(found).value).toBeCloseTo(0, name.startsWith('PSI with a p') ? 3 : 12);
    }
  });

  it.each(names)('%s grows as values move from one bin to another', (name) => {
    let before = -1;
    for (let moved = 0; moved <= 300; moved += 50) {
      const { value } = given(measured(name, tableWith([500, 500, 500], [500 - moved, 500, 500 + moved])));
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
    }
    expect(before).toBeGreaterThan(0);
  });

  const coarsening = ['Jensen-Shannon distance', 'Jensen-Shannon divergence in nats', 'Hellinger', 'total variation'];
  it.each(coarsening)('%s does not grow when two bins become one', (name) => {
    fc.assert(
      fc.property(rows, ([was, is]) => {
        const joined = ([first = 0, second = 0, ...rest]: number[]): number[] => [first + second, ...rest];
        const fine = given(measured(name, tableWith(was, is))).value;
        return given(measured(name, tableWith(joined(was), joined(is)))).value <= fine + 1e-12;
      }),
    );
  });

  it('keeps to the known inequalities between Hellinger and total variation', () => {
    fc.assert(
      fc.property(rows, ([was, is]) => {
        const h = hellinger(tableWith(was, is)).value;
        const tv = totalVariation(tableWith(was, is)).value;
        return h * h <= tv + 1e-9 && tv <= Math.SQRT2 * h + 1e-9;
      }),
    );
  });
});

describe('worked by hand', () => {
  const halves = tableWith([50, 50], [80, 20]);

  it('PSI of 50/50 against 80/20 is 0.3 ln 1.6 - 0.3 ln 0.4', () => {
    const psi = given(populationStabilityIndex(halves, { kind: 'none' }));
    expect(psi.value).toBeCloseTo(0.3 * Math.log(1.6) - 0.3 * Math.log(0.4), 14);
    expect(psi).toMatchObject({ zero: 'as they are', logBase: 'e', effectUnits: 'nats', binning: 'bins' });
  });

  it('a pseudocount is added to every count of both sides, and a floor lifts only what lies below it', () => {
    const empty = tableWith([1, 3], [0, 4]);
    const smoothed = given(populationStabilityIndex(empty, { kind: 'pseudocount', add: 1 }));
    expect(smoothed.value).toBeCloseTo((1 / 6 - 2 / 6) * Math.log(0.5) + (5 / 6 - 4 / 6) * Math.log(1.25), 14);
    expect(smoothed.zero).toBe('1 added to each count');
    const floored = given(populationStabilityIndex(empty, { kind: 'floor', at: 0.01 }));
    expect(floored.value).toBeCloseTo((0.01 - 0.25) * Math.log(0.04) + 0.25 * Math.log(1 / 0.75), 14);
    expect(floored.zero).toBe('shares of at least 0.01');
  });

  it('the differences of 50/50 and 80/20 are 0.3', () => {
    expect(totalVariation(halves).value).toBeCloseTo(0.3, 14);
    expect(lInfinity(halves).value).toBeCloseTo(0.3, 14);
    expect(lInfinityRobust(halves).value).toBeCloseTo(0.3 - 1.8 * Math.sqrt(0.02), 14);
  });

  it('chi-square of [50, 50] and [80, 20] is 2 (15^2 / 65 + 15^2 / 35), its effect the root of that over 200', () => {
    const chi = given(chiSquareHomogeneity(halves));
    const statistic = 2 * (225 / 65 + 225 / 35);
    expect(chi.test?.statistic).toBeCloseTo(statistic, 12);
    expect(chi.value).toBeCloseTo(Math.sqrt(statistic / 200), 14);
  });

  it.each(['Jensen-Shannon distance', 'Hellinger', 'total variation'])('%s between rows without a bin in common is 1', (name) => {
    expect(given(measured(name, tableWith([3, 4, 0], [0, 0, 9]))).value).toBeCloseTo(1, 14);
  });

  it('the robust difference of few values is 0: it is within the noise', () => {
    expect(lInfinityRobust(tableWith([5, 5], [8, 2])).value).toBe(0);
    expect(lInfinityRobust(tableWith([5, 5], [8, 2]), 0.05).effectUnits).toBe(
      'share of values beyond the margin of alpha = 0.05',
    );
  });
});

describe('small counts', () => {
  it('chi-square joins the rarest bins, named as such', () => {
    const found = given(chiSquareHomogeneity(tableWith([100, 90, 2, 1, 0, 1], [95, 100, 0, 1, 2, 1])));
    expect(found.test?.degreesOfFreedom).toBeLessThan(5);
    expect(found.zero).toBe("rare bins joined by Cochran's rule");
  });

  it('chi-square is refused when not even two bins are left', () => {
    const reason = "chi-square refused: 2 and 2 values are too few for two bins by Cochran's rule";
    expect(chiSquareHomogeneity(tableWith([1, 1], [2, 0]))).toEqual({ ok: false, reason });
  });

  it('PSI gives no p-value where the chi-square limit does not hold', () => {
    expect(given(populationStabilityIndex(tableWith([5, 1, 1], [4, 2, 0]))).pValue).toBeUndefined();
    expect(given(populationStabilityIndex(tableWith([500, 100, 100], [400, 200, 100]))).pValue).toBeLessThan(1e-6);
  });

  it('a constant feature that stays so has not drifted', () => {
    const same = tableWith([40], [7]);
    for (const name of names) expect(given(measured(name, same)).value).toBe(0);
    expect(given(chiSquareHomogeneity(same)).pValue).toBe(1);
  });
});

describe('bad counts are refused with a reason', () => {
  it.each([
    ['an empty baseline', [0, 0], [1, 2], 'table refused: the baseline has no values'],
    ['no current values', [1, 2], [0, 0], 'table refused: there are no current values'],
    ['no bins', [], [], 'table refused: the baseline has no values'],
    ['rows of different lengths', [1], [1, 2], 'table refused: 1 and 2 bins'],
    ['NaN', [1, Number.NaN], [1, 1], 'table refused: bin 1 counts NaN and 1, expected whole numbers of 0 or more'],
    ['a negative count', [1, 1], [-1, 3], 'table refused: bin 0 counts 1 and -1, expected whole numbers of 0 or more'],
    [
      'infinity',
      [Number.POSITIVE_INFINITY],
      [1],
      'table refused: bin 0 counts Infinity and 1, expected whole numbers of 0 or more',
    ],
    ['half a count', [0.5], [1], 'table refused: bin 0 counts 0.5 and 1, expected whole numbers of 0 or more'],
    [
      'too many to count',
      [2 ** 53 - 1],
      [2 ** 53 - 1],
      'table refused: 18014398509481982 values are more than can be counted exactly',
    ],
  ])('%s', (_, was, is, reason) => {
    expect(tableOfCounts(was, is, 'bins', String)).toEqual({ ok: false, reason });
  });

  it('a zero handling that handles nothing is a mistake of the caller', () => {
    expect(() => populationStabilityIndex(tableWith([1], [1]), { kind: 'floor', at: 0 })).toThrow(
      'expected a floor between 0 and 1; received 0',
    );
    expect(() => populationStabilityIndex(tableWith([1], [1]), { kind: 'pseudocount', add: Number.NaN })).toThrow('received NaN');
    expect(() => lInfinityRobust(tableWith([1], [1]), 1)).toThrow('expected alpha between 0 and 1; received 1');
  });
});

describe('stored values', () => {
  const table = tableWith([5, 6], [7, 8]);

  it('compare with their like', () => {
    expect(differentTerms(hellinger(table), hellinger(tableWith([1, 2], [3, 4])))).toBeUndefined();
  });

  it('do not compare across log bases, zero handlings or bins', () => {
    expect(differentTerms(jensenShannonDistance(table, '2'), { ...jensenShannonDistance(table, '2'), logBase: 'e' })).toBe(
      'not comparable: logBase 2 and e',
    );
    const floor = given(populationStabilityIndex(table, { kind: 'floor', at: 1e-4 }));
    expect(differentTerms(given(populationStabilityIndex(table)), floor)).toBe(
      'not comparable: zero 0.5 added to each count and shares of at least 0.0001',
    );
    expect(differentTerms(hellinger(table), { ...hellinger(table), binning: 'others' })).toBe(
      'not comparable: binning bins and others',
    );
  });
});
