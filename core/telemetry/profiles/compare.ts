import { quantileBinning } from '../../statistics/distributions/binning.ts';
import { chiSquareHomogeneity } from '../../statistics/distributions/chi-square.ts';
import { hellinger } from '../../statistics/distributions/hellinger.ts';
import { jensenShannonDistance } from '../../statistics/distributions/jensen-shannon.ts';
import { kolmogorovSmirnov } from '../../statistics/distributions/kolmogorov-smirnov.ts';
import { lInfinity, lInfinityRobust } from '../../statistics/distributions/l-infinity.ts';
import type { DriftMeasure } from '../../statistics/distributions/measures.ts';
import { populationStabilityIndex } from '../../statistics/distributions/psi.ts';
import type { Sample } from '../../statistics/distributions/sample.ts';
import { type Table, tableOf } from '../../statistics/distributions/table.ts';
import { totalVariation } from '../../statistics/distributions/total-variation.ts';
import type { DriftValue } from '../../statistics/distributions/value.ts';
import { wasserstein } from '../../statistics/distributions/wasserstein.ts';
import { type Refused, refused } from '../../statistics/refused.ts';
import { alignedSamples, binnedSketch, sampleOfSketch } from './aligned-samples.ts';
import { categoriesTable } from './category-counts.ts';
import { type RefusingMeasure, refusedShare } from './refused-values.ts';
import type { Compared, Shape } from './shape.ts';

/**
 * Compares current values with a baseline. Numbers use 10 quantile bins of the baseline; categories
 * each have a bin. The p-value comes from Pearson's chi-square test on the same table, also for
 * PSI: PSI's own limit is overconfident on small counts (at 100 values it finds p < 0.001 twice as
 * often as it should). Wasserstein uses that of Kolmogorov-Smirnov.
 */
export function compareShapes(measure: DriftMeasure, baseline: Shape, current: Shape): Compared | Refused {
  if (isRefusing(measure)) return refusedShare(measure, baseline, current);
  if (baseline.kind !== current.kind) return refused(`it has ${current.kind} now, where the baseline has ${baseline.kind}`);
  if (baseline.kind === 'categories' || current.kind === 'categories') {
    if (measure === 'ks' || measure === 'wasserstein') return refused(`${measure} needs numbers; it has categories`);
    const [was, is] = [baseline as Shape & { kind: 'categories' }, current as Shape & { kind: 'categories' }];
    const table = categoriesTable(was.categories, is.categories);
    return table.ok ? compareTable(measure, table) : table;
  }
  if (measure === 'ks' || measure === 'wasserstein') {
    const { baseline: was, current: is } = alignedSamples(baseline.sketch, current.sketch);
    if (!was.ok) return was;
    return is.ok ? compareSamples(measure, was, is) : is;
  }
  // Chosen by the baseline alone, so that later values of the feature compare with this one.
  const own = sampleOfSketch(baseline.sketch);
  if (!own.ok) return own;
  const binning = quantileBinning(own);
  const table = tableOf(binnedSketch(baseline.sketch, binning), binnedSketch(current.sketch, binning));
  return table.ok ? compareTable(measure, table) : table;
}

const isRefusing = (measure: DriftMeasure): measure is RefusingMeasure =>
  measure === 'violations' || measure === 'outliers' || measure === 'outliers_z';

function compareSamples(measure: 'ks' | 'wasserstein', baseline: Sample, current: Sample): Compared | Refused {
  const test = kolmogorovSmirnov(baseline, current, { exactCells: 100_000 });
  const drift = measure === 'ks' ? test : wasserstein(baseline, current);
  return drift.ok ? { ok: true, drift, pValue: test.pValue } : drift;
}

function compareTable(measure: keyof typeof tableMeasures, table: Table): Compared | Refused {
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
