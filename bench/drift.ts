import { benjaminiHochberg } from '../core/statistics/benjamini-hochberg.ts';
import { binned, quantileBinning } from '../core/statistics/distributions/binning.ts';
import { chiSquareHomogeneity } from '../core/statistics/distributions/chi-square.ts';
import { hellinger } from '../core/statistics/distributions/hellinger.ts';
import { jensenShannonDistance } from '../core/statistics/distributions/jensen-shannon.ts';
import { kolmogorovSmirnov, kolmogorovSmirnovRobust } from '../core/statistics/distributions/kolmogorov-smirnov.ts';
import { lInfinityRobust } from '../core/statistics/distributions/l-infinity.ts';
import { populationStabilityIndex } from '../core/statistics/distributions/psi.ts';
import { type Sample, sampleOf } from '../core/statistics/distributions/sample.ts';
import { type Table, tableOf } from '../core/statistics/distributions/table.ts';
import { totalVariation } from '../core/statistics/distributions/total-variation.ts';
import type { DriftValue } from '../core/statistics/distributions/value.ts';
import { wasserstein } from '../core/statistics/distributions/wasserstein.ts';
import type { Refused } from '../core/statistics/refused.ts';

const features = 1000;
const size = 10_000;

/** Normal values from a seed, without drift, so that no measure ends early on a large one. */
function drawn(count: number, seed: number): Float64Array {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float64Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()));
}

function must<T extends { ok: true }>(answer: T | Refused): T {
  if (!answer.ok) throw new Error(`the benchmark was refused: ${answer.reason}`);
  return answer;
}

type Summary = { baseline: Sample; current: Sample; table: Table };

/** Both windows from raw values: sorted, the bins chosen, the counts taken. */
function summarised(baselineValues: Float64Array, currentValues: Float64Array): Summary {
  const baseline = must(sampleOf(baselineValues));
  const current = must(sampleOf(currentValues));
  const binning = quantileBinning(baseline);
  return { baseline, current, table: must(tableOf(binned(baseline, binning), binned(current, binning))) };
}

const measures: Record<string, (summary: Summary) => DriftValue | Refused> = {
  'PSI with p': ({ table }) => populationStabilityIndex(table),
  'Jensen-Shannon': ({ table }) => jensenShannonDistance(table),
  Hellinger: ({ table }) => hellinger(table),
  'total variation': ({ table }) => totalVariation(table),
  'L-infinity, robust': ({ table }) => lInfinityRobust(table),
  'chi-square with p': ({ table }) => chiSquareHomogeneity(table),
  'Kolmogorov-Smirnov with p, plain and robust': ({ baseline, current }) => {
    const plain = kolmogorovSmirnov(baseline, current);
    kolmogorovSmirnovRobust(plain);
    return plain;
  },
  Wasserstein: ({ baseline, current }) => wasserstein(baseline, current),
};

/** The best of some rounds, which the other work of the machine disturbs least. */
function bestMs(rounds: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/**
 * 1,000 features of 10,000 values against as many of a baseline, on one core: everything from raw
 * values, and each measure alone on summaries. Unequal sizes are measured too, for their
 * Kolmogorov-Smirnov p-values take another way.
 */
export async function benchDrift(): Promise<{ name: string; value: string }[]> {
  const was = Array.from({ length: features }, (_, i) => drawn(size, i + 1));
  const is = Array.from({ length: features }, (_, i) => drawn(size, i + 1_000_001));
  const longer = Array.from({ length: 100 }, (_, i) => must(sampleOf(drawn(9 * size + 7, i + 2_000_001))));
  const shown = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  let pValues: (number | undefined)[] = [];

  const everything = bestMs(3, () => {
    pValues = [];
    for (let i = 0; i < features; i += 1) {
      const summary = summarised(was[i] as Float64Array, is[i] as Float64Array);
      for (const measure of Object.values(measures)) pValues.push(must(measure(summary)).pValue);
    }
    benjaminiHochberg(pValues);
  });
  const tests = pValues.filter((p) => p !== undefined).length;
  if (tests !== 3 * features) throw new Error(`expected ${3 * features} p-values; received ${tests}`);

  const baselines = was.map((values) => must(sampleOf(values)));
  const binnings = baselines.map((baseline) => quantileBinning(baseline));
  const summaries = was.map((values, i) => summarised(values, is[i] as Float64Array));
  const name = (what: string): string => `drift: ${what}, 1,000 features x 10,000 values`;
  const rows = [
    { name: name('both sides summarised and all measures'), value: shown(everything) },
    {
      name: name('current side summarised (sorted, binned)'),
      value: shown(
        bestMs(3, () => {
          for (let i = 0; i < features; i += 1) binned(must(sampleOf(is[i] as Float64Array)), binnings[i] as never);
        }),
      ),
    },
  ];
  for (const [what, measure] of Object.entries(measures)) {
    rows.push({
      name: name(what),
      value: shown(
        bestMs(3, () => {
          for (const summary of summaries) must(measure(summary));
        }),
      ),
    });
  }
  const unequal = bestMs(3, () => {
    for (const [i, baseline] of longer.entries()) kolmogorovSmirnov(baseline, (summaries[i] as Summary).current);
  });
  rows.push({ name: 'drift: Kolmogorov-Smirnov with p, 100 features, 90,007 against 10,000 values', value: shown(unequal) });
  return rows;
}

if (import.meta.main) for (const { name, value } of await benchDrift()) process.stdout.write(`${name}: ${value}\n`);
