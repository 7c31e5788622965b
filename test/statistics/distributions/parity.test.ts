import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../../core/statistics/benjamini-hochberg.ts';
import { chiSquareTail } from '../../../core/statistics/chi-square.ts';
import { binned, quantileBinning } from '../../../core/statistics/distributions/binning.ts';
import { chiSquareHomogeneity } from '../../../core/statistics/distributions/chi-square.ts';
import { hellinger } from '../../../core/statistics/distributions/hellinger.ts';
import { jensenShannonDistance, jensenShannonDivergence } from '../../../core/statistics/distributions/jensen-shannon.ts';
import { kolmogorovSmirnov } from '../../../core/statistics/distributions/kolmogorov-smirnov.ts';
import { lInfinity, lInfinityRobust } from '../../../core/statistics/distributions/l-infinity.ts';
import { populationStabilityIndex } from '../../../core/statistics/distributions/psi.ts';
import { sampleOf } from '../../../core/statistics/distributions/sample.ts';
import { tableOfCounts } from '../../../core/statistics/distributions/table.ts';
import { totalVariation } from '../../../core/statistics/distributions/total-variation.ts';
import { wasserstein } from '../../../core/statistics/distributions/wasserstein.ts';
import { betaLower } from '../../../core/statistics/incomplete-beta.ts';
import { gammaUpper } from '../../../core/statistics/incomplete-gamma.ts';
import { kolmogorovTail } from '../../../core/statistics/kolmogorov.ts';
import { normalTail } from '../../../core/statistics/normal.ts';
import { studentQuantile, studentTail } from '../../../core/statistics/student-t.ts';
import { twoProportions } from '../../../core/statistics/two-proportions.ts';
import { welch } from '../../../core/statistics/welch.ts';
import { given } from './given.ts';

/** Made by scripts/parity/make_drift_table.py, which says with what. */
const table = JSON.parse(readFileSync(new URL('../../fixtures/drift-parity.json', import.meta.url), 'utf8'));

/**
 * Within a relative 1e-9 of the expected; an expected 0 allows what rounding leaves of sums of
 * shares.
 */
function agrees(what: string, received: number | undefined, expected: number): void {
  const difference = Math.abs((received ?? Number.NaN) - expected);
  const allowed = expected === 0 ? 1e-15 : 1e-9 * Math.abs(expected);
  expect(difference <= allowed, `${what}: expected ${expected}, received ${received}`).toBe(true);
}

describe('the special functions agree with scipy to 1e-9', () => {
  const functions: Record<string, (...args: number[]) => number> = {
    gammaUpper: (a = 0, x = 0) => gammaUpper(a, x),
    betaLower: (x = 0, a = 0, b = 0) => betaLower(x, 1 - x, a, b),
    studentTail: (t = 0, degrees = 0) => studentTail(t, degrees),
    studentQuantile: (tail = 0, degrees = 0) => studentQuantile(tail, degrees),
    normalTail: (z = 0) => normalTail(z),
    kolmogorovTail: (z = 0) => kolmogorovTail(z),
    chiSquareTail: (x = 0, degrees = 0) => chiSquareTail(x, degrees),
  };
  it.each(Object.keys(table.special))('%s', (name) => {
    for (const row of table.special[name] as number[][]) {
      const args = row.slice(0, -1);
      agrees(`${name}(${args.join(', ')})`, functions[name]?.(...args), row.at(-1) as number);
    }
  });
});

type CountCase = { name: string; baseline: number[]; current: number[]; psi: number | null; psiPValue: number | null } & {
  chiSquare: [statistic: number, degrees: number, pValue: number, cramersV: number] | null;
} & Record<'psiSmooth' | 'psiFloor' | 'jensenShannonDistance2' | 'jensenShannonDivergenceE' | 'hellinger', number> &
  Record<'totalVariation' | 'lInfinity' | 'lInfinityRobust' | 'lInfinityRobust1Percent', number>;

describe('the measures of counts agree with scipy to 1e-9', () => {
  it.each((table.counts as CountCase[]).map((row) => [row.name, row] as const))('%s', (_, row) => {
    const counts = given(tableOfCounts(row.baseline, row.current, 'bins', String));
    const unhandled = populationStabilityIndex(counts, { kind: 'none' });
    if (row.psi === null) expect(unhandled).toMatchObject({ ok: false, reason: expect.stringMatching(/infinite/) });
    else agrees('PSI', given(unhandled).value, row.psi);
    const psi = given(populationStabilityIndex(counts));
    agrees('PSI, pseudocount', psi.value, row.psiSmooth);
    agrees('PSI, floor', given(populationStabilityIndex(counts, { kind: 'floor', at: 1e-4 })).value, row.psiFloor);
    if (row.psiPValue === null) expect(psi.pValue).toBeUndefined();
    else agrees('p of PSI', psi.pValue, row.psiPValue);
    agrees('Jensen-Shannon distance', jensenShannonDistance(counts).value, row.jensenShannonDistance2);
    agrees('Jensen-Shannon divergence', jensenShannonDivergence(counts, 'e').value, row.jensenShannonDivergenceE);
    agrees('Hellinger', hellinger(counts).value, row.hellinger);
    agrees('total variation', totalVariation(counts).value, row.totalVariation);
    agrees('L-infinity', lInfinity(counts).value, row.lInfinity);
    agrees('L-infinity, robust', lInfinityRobust(counts).value, row.lInfinityRobust);
    agrees('L-infinity, robust at 1 %', lInfinityRobust(counts, 0.01).value, row.lInfinityRobust1Percent);
    const chi = chiSquareHomogeneity(counts);
    if (row.chiSquare === null) {
      expect(chi).toMatchObject({ ok: false, reason: expect.stringMatching(/too few/) });
      return;
    }
    const [statistic, degrees, pValue, cramersV] = row.chiSquare;
    const { test, value, pValue: p } = given(chi);
    expect(test?.degreesOfFreedom).toBe(degrees);
    agrees('chi-square', test?.statistic, statistic);
    agrees('p of chi-square', p, pValue);
    agrees("Cramer's V", value, cramersV);
  });
});

type Recipe = [count: number, multiplier: number, modulus: number, offset: number];
type SampleCase = { name: string; baseline?: number[]; current?: number[]; baselineRecipe?: Recipe; currentRecipe?: Recipe } & {
  wassersteinByDeviation: number | null;
  wassersteinByRange: number | null;
} & Record<'edges' | 'baselineBins' | 'currentBins', number[]> &
  Record<'ks' | 'ksPValue' | 'wasserstein', number>;

function made(recipe: Recipe | undefined): number[] {
  const [count, multiplier, modulus, offset] = recipe ?? [0, 0, 1, 0];
  return Array.from({ length: count }, (_, i) => (((i * multiplier) % modulus) + offset) / 1024);
}

describe('the measures of samples agree with scipy to 1e-9', () => {
  it.each((table.samples as SampleCase[]).map((row) => [row.name, row] as const))('%s', (_, row) => {
    const baseline = given(sampleOf(row.baseline ?? made(row.baselineRecipe)));
    const current = given(sampleOf(row.current ?? made(row.currentRecipe)));
    const ks = kolmogorovSmirnov(baseline, current, { exactCells: 20_000_000 });
    agrees('Kolmogorov-Smirnov', ks.value, row.ks);
    agrees('p of Kolmogorov-Smirnov', ks.pValue, row.ksPValue);
    agrees('Wasserstein', given(wasserstein(baseline, current, 'none')).value, row.wasserstein);
    const norms = [
      ['standard deviation', row.wassersteinByDeviation],
      ['interquartile range', row.wassersteinByRange],
    ] as const;
    for (const [norm, expected] of norms) {
      const normed = wasserstein(baseline, current, norm);
      if (expected !== null) agrees(`Wasserstein by ${norm}`, given(normed).value, expected);
      else if (row.wasserstein > 0) expect(normed).toMatchObject({ ok: false, reason: expect.stringMatching(/is 0/) });
    }
    const binning = quantileBinning(baseline);
    expect(binning.edges.length).toBe(row.edges.length);
    for (const [i, edge] of row.edges.entries()) agrees(`edge ${i}`, binning.edges[i], edge);
    expect([...binned(baseline, binning).counts]).toEqual(row.baselineBins);
    expect([...binned(current, binning).counts]).toEqual(row.currentBins);
  });
});

const sides = ['two-sided', 'greater', 'less'] as const;

describe('the evidence for rates agrees with scipy to 1e-9', () => {
  it.each(table.proportions as Record<string, never>[])('two proportions: $baseline and $current', (row) => {
    const [a, n] = row['baseline'] as unknown as [number, number];
    const [b, m] = row['current'] as unknown as [number, number];
    for (const side of sides) {
      const found = given(twoProportions({ successes: a, count: n }, { successes: b, count: m }, { side }));
      agrees(`p, ${side}`, found.pValue, row[side] as unknown as number);
      agrees('low', found.low, row['low'] as unknown as number);
      agrees('high', found.high, row['high'] as unknown as number);
      expect(found.method).toBe(row['method']);
    }
  });

  it.each(table.means as Record<string, never>[])('two means: $baseline and $current', (row) => {
    const moments = ([count, mean, variance]: [number, number, number]) => ({ count, mean, variance });
    for (const side of sides) {
      const found = given(welch(moments(row['baseline'] as never), moments(row['current'] as never), { side }));
      agrees('t', found.t, row['t'] as unknown as number);
      agrees('degrees', found.degreesOfFreedom, row['degrees'] as unknown as number);
      agrees(`p, ${side}`, found.pValue, row[side] as unknown as number);
      agrees('low', found.low, row['low'] as unknown as number);
      agrees('high', found.high, row['high'] as unknown as number);
    }
  });

  it.each(table.discoveries as { pValues: number[]; adjusted: number[] }[])(
    'Benjamini-Hochberg of %#',
    ({ pValues, adjusted }) => {
      const found = benjaminiHochberg(pValues);
      expect(found.tested).toBe(pValues.length);
      for (const [i, expected] of adjusted.entries()) agrees(`p ${i}`, found.pValues[i], expected);
    },
  );
});
