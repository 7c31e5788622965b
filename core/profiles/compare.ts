import type { DriftMeasure } from '../config/drift-schema.ts';
import { binned, quantileBinning } from '../drift/binning.ts';
import { chiSquareHomogeneity } from '../drift/chi-square.ts';
import { hellinger } from '../drift/hellinger.ts';
import { jensenShannonDistance } from '../drift/jensen-shannon.ts';
import { kolmogorovSmirnov } from '../drift/kolmogorov-smirnov.ts';
import { lInfinity, lInfinityRobust } from '../drift/l-infinity.ts';
import { populationStabilityIndex } from '../drift/psi.ts';
import type { Sample } from '../drift/sample.ts';
import { type Table, tableOf } from '../drift/table.ts';
import { totalVariation } from '../drift/total-variation.ts';
import type { DriftValue } from '../drift/value.ts';
import { wasserstein } from '../drift/wasserstein.ts';
import { type Refused, refused } from '../statistics/refused.ts';
import { type CategoryCounts, categoriesTable } from './category-counts.ts';
import type { FeatureProfile } from './profile.ts';
import { alignedSamples, type Sketch } from './sketch.ts';

/** What a baseline keeps of a profile: all that a comparison needs. Plain JSON of at most 5 kB, or 30 kB for 128 long names. */
export type Shape =
  | { kind: 'numbers'; count: number; sketch: Sketch }
  | { kind: 'categories'; count: number; categories: CategoryCounts };

/** What most values of the feature were: numbers or categories. Refused where it had no values at all. */
export function shapeOf({ numbers, categories, count, nulls }: FeatureProfile): Shape | Refused {
  const named = count - nulls - (numbers?.count ?? 0);
  if (numbers !== undefined && numbers.count >= named) return { kind: 'numbers', count: numbers.count, sketch: numbers.sketch };
  if (categories !== undefined) return { kind: 'categories', count: named, categories };
  return refused('it has no values');
}

/** A drift value, and the chance of as much without drift; undefined where the counts are too small for any test. */
export type Compared = { ok: true; drift: DriftValue; pValue: number | undefined };

/**
 * Compares what is now with a baseline. Numbers lie in 10 quantiles of the baseline; categories in bins of their own. The
 * p-value is that of Pearson's chi-square test on the same table, also for PSI, whose own limit is too sure of small counts: at 100
 * values it finds p below 0.001 twice as often as it should. Wasserstein takes that of Kolmogorov-Smirnov.
 */
export function compareShapes(measure: DriftMeasure, baseline: Shape, current: Shape): Compared | Refused {
  if (baseline.kind !== current.kind) return refused(`it has ${current.kind} now, where the baseline has ${baseline.kind}`);
  if (baseline.kind === 'categories' || current.kind === 'categories') {
    if (measure === 'ks' || measure === 'wasserstein') return refused(`${measure} is for numbers; it has categories`);
    const [was, is] = [baseline as Shape & { kind: 'categories' }, current as Shape & { kind: 'categories' }];
    const table = categoriesTable(was.categories, is.categories);
    return table.ok ? compareTable(measure, table) : table;
  }
  const samples = alignedSamples(baseline.sketch, current.sketch);
  if (!samples.baseline.ok) return samples.baseline;
  if (!samples.current.ok) return samples.current;
  if (measure === 'ks' || measure === 'wasserstein') return compareSamples(measure, samples.baseline, samples.current);
  const binning = quantileBinning(samples.baseline);
  const table = tableOf(binned(samples.baseline, binning), binned(samples.current, binning));
  return table.ok ? compareTable(measure, table) : table;
}

function compareSamples(measure: 'ks' | 'wasserstein', baseline: Sample, current: Sample): Compared | Refused {
  const test = kolmogorovSmirnov(baseline, current, { exactCells: 100_000 });
  const drift = measure === 'ks' ? test : wasserstein(baseline, current);
  return drift.ok ? { ok: true, drift, pValue: test.pValue } : drift;
}

function compareTable(measure: Exclude<DriftMeasure, 'ks' | 'wasserstein'>, table: Table): Compared | Refused {
  const drift = tableMeasures[measure](table);
  if (!drift.ok) return drift;
  const test = chiSquareHomogeneity(table);
  return { ok: true, drift, pValue: test.ok ? test.pValue : undefined };
}

const tableMeasures = {
  psi: (table: Table) => populationStabilityIndex(table),
  js: (table: Table) => jensenShannonDistance(table),
  hellinger,
  tv: totalVariation,
  linf: lInfinity,
  linf_robust: (table: Table) => lInfinityRobust(table),
  chi2: chiSquareHomogeneity,
} satisfies Record<string, (table: Table) => DriftValue | Refused>;
