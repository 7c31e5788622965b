/**
 * Ways to measure how far two distributions differ, one file each; or a share of unusual values.
 */
export const driftMeasures = [
  'psi',
  'js',
  'hellinger',
  'tv',
  'linf',
  'linf_robust',
  'chi2',
  'ks',
  'wasserstein',
  'violations',
  'outliers',
  'outliers_z',
] as const;

export type DriftMeasure = (typeof driftMeasures)[number];

const ofNumbers: readonly DriftMeasure[] = ['ks', 'wasserstein', 'outliers', 'outliers_z'];

/** Whether a measure needs values in an order and at distances; categories have none. */
export const isOfNumbers = (measure: DriftMeasure): boolean => ofNumbers.includes(measure);
