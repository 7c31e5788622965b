import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binName, binned, edgeBinning, mergeBinned, quantileBinning } from '../../../core/statistics/distributions/binning.ts';
import { categoryTable } from '../../../core/statistics/distributions/categories.ts';
import { jensenShannonDistance } from '../../../core/statistics/distributions/jensen-shannon.ts';
import { weightedSample } from '../../../core/statistics/distributions/sample.ts';
import { tableOf } from '../../../core/statistics/distributions/table.ts';
import { totalVariation } from '../../../core/statistics/distributions/total-variation.ts';
import { given, sampleWith, values } from './given.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('quantile bins', () => {
  it('hold equal counts of a baseline without ties', () => {
    const baseline = sampleWith(...range(1000));
    expect([...binned(baseline, quantileBinning(baseline)).counts]).toEqual(Array(10).fill(100));
    expect(quantileBinning(baseline).name).toMatch(/^10 quantiles #[0-9a-f]{8}$/);
  });

  it('give a value that fills a bin one of its own', () => {
    const mostlyZero = quantileBinning(sampleWith(...Array(60).fill(0), ...range(40).map((i) => i + 1)), 5);
    const names = range(mostlyZero.edges.length + 1).map((bin) => binName(mostlyZero, bin));
    expect(names[0]).toBe('up to -5e-324');
    expect(names[1]).toBe('exactly 0');
    expect(names.at(-1)).toMatch(/^above 2\d/);
  });

  it('tell a constant feature from one that has moved either way', () => {
    const constant = sampleWith(3, 3, 3, 3, 3);
    const binning = quantileBinning(constant);
    expect([...binned(sampleWith(2, 3, 4, 5), binning).counts]).toEqual([1, 1, 2]);
    const moved = given(tableOf(binned(constant, binning), binned(sampleWith(4, 4), binning)));
    expect(totalVariation(moved).value).toBe(1);
    expect([moved.nameOf(0), moved.nameOf(1)]).toEqual(['exactly 3', 'above 3']);
  });

  it('count every value once, whatever the values', () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: 2, max: 50 }), (baseline, current, bins) => {
        const binning = quantileBinning(sampleWith(...baseline), bins);
        expect([...binning.edges]).toEqual([...binning.edges].sort((a, b) => a - b));
        expect(binning.edges.every(Number.isFinite)).toBe(true);
        expect(binning.edges.length).toBeLessThanOrEqual(2 * (bins - 1));
        const { counts } = binned(sampleWith(...current), binning);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(current.length);
      }),
    );
  });

  it('are the same for a histogram as for its values', () => {
    const list = [1, 1, 1, 2, 3, 3, 5, 8, 8, 9, 9, 9, 9];
    const histogram = given(weightedSample([1, 2, 3, 5, 8, 9], [3, 1, 2, 1, 2, 4], 'a histogram'));
    const binning = quantileBinning(sampleWith(...list), 4);
    expect(quantileBinning(histogram, 4)).toEqual(binning);
    expect([...binned(histogram, binning).counts]).toEqual([...binned(sampleWith(...list), binning).counts]);
  });

  it('merge: the counts of two windows are those of both together', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const binning = quantileBinning(sampleWith(...a), 7);
        const merged = given(mergeBinned(binned(sampleWith(...a), binning), binned(sampleWith(...b), binning)));
        expect(merged).toEqual(binned(sampleWith(...a, ...b), binning));
      }),
    );
  });

  it('of another baseline are neither merged nor compared', () => {
    const one = binned(sampleWith(1, 2, 3), edgeBinning([1, 2]));
    const other = binned(sampleWith(1, 2, 3), edgeBinning([1, 2.5]));
    const reason = expect.stringMatching(
      /^counts of different bins: 3 declared bins #[0-9a-f]{8} and 3 declared bins #[0-9a-f]{8}; use one binning for both$/,
    );
    expect(mergeBinned(one, other)).toEqual({ ok: false, reason });
    expect(tableOf(one, other)).toEqual({ ok: false, reason });
    expect(one.binning.name).not.toBe(other.binning.name);
  });

  it('that make no sense are a mistake of the caller', () => {
    expect(() => quantileBinning(sampleWith(1), 1)).toThrow('expected 2 to 1000 bins; received 1');
    expect(() => edgeBinning([2, 1])).toThrow('expected 1 to 999 finite ascending edges; received 2, 1');
    expect(() => edgeBinning([])).toThrow('finite ascending edges');
    expect(() => edgeBinning([Number.NaN])).toThrow('received NaN');
  });
});

describe('categories', () => {
  const of = (counts: Record<string, number>, other = 0) => ({ counts: new Map(Object.entries(counts)), other });

  it('are bins by name, with what only one side has', () => {
    const table = given(categoryTable(of({ red: 6, blue: 4 }), of({ blue: 5, green: 5 })));
    const bins = Object.fromEntries([0, 1, 2].map((bin) => [table.nameOf(bin), [table.baseline[bin], table.current[bin]]]));
    expect(bins).toEqual({ red: [6, 0], blue: [4, 5], green: [0, 5] });
    expect(totalVariation(table).value).toBeCloseTo(0.6, 14);
  });

  it('beyond the limit share a bin; of those that tie at it the first by name are kept', () => {
    const table = given(categoryTable(of({ a: 9, b: 5, c: 1, d: 1 }), of({ f: 1, a: 9, e: 1 }), 3));
    expect([0, 1, 2, 3].map((bin) => [table.nameOf(bin), table.baseline[bin], table.current[bin]])).toEqual([
      ['a', 9, 9],
      ['b', 5, 0],
      ['c', 1, 0],
      ['all others', 1, 2],
    ]);
  });

  it('that one side may have counted as others are compared as others', () => {
    const table = given(categoryTable(of({ a: 9 }, 4), of({ a: 9, new: 3 }, 1)));
    expect([...table.baseline]).toEqual([9, 4]);
    expect([...table.current]).toEqual([9, 4]);
    expect(jensenShannonDistance(table).value).toBe(0);
  });

  it('a million of them, each once, make a table of bounded size', () => {
    const ids = { counts: new Map(range(1_000_000).map((i) => [`user-${i}`, 1 + Number(i < 50)])) };
    const table = given(categoryTable(ids, { counts: new Map(range(3000).map((i) => [`user-${i + 999_000}`, 1])) }));
    expect(table.baseline.length).toBe(1001);
    expect(table.baselineCount).toBe(1_000_050);
    expect(table.currentCount).toBe(3000);
    expect(Number.isFinite(jensenShannonDistance(table).value)).toBe(true);
  });

  it('are the same bins whatever the order of input', () => {
    const names = fc.uniqueArray(fc.string({ maxLength: 3 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 10 }), (list, limit) => {
        const counted = (order: string[]) => ({ counts: new Map(order.map((name) => [name, 1 + (name.length % 3)])) });
        const bins = (order: string[]) => {
          const table = given(categoryTable(counted(order), counted(order.slice(0, 1)), limit));
          return Array.from(table.baseline.keys(), (bin) => `${table.nameOf(bin)}: ${table.baseline[bin]}`).sort();
        };
        const [first = '', ...rest] = list;
        expect(bins([first, ...rest.toReversed()])).toEqual(bins([first, ...rest]));
        expect(bins(list).length).toBeLessThanOrEqual(limit + 1);
      }),
    );
  });

  it('with a count that is no number are refused by name', () => {
    const reason = 'table refused: bin red counts NaN and 1, expected whole numbers of 0 or more';
    expect(categoryTable(of({ red: Number.NaN }), of({ red: 1 }))).toEqual({ ok: false, reason });
    expect(categoryTable(of({}), of({ red: 1 }))).toEqual({ ok: false, reason: 'table refused: the baseline has no values' });
    expect(() => categoryTable(of({}), of({}), 0)).toThrow('expected a limit of at least 1 category; received 0');
  });
});
