/** How far two distributions may be said to lie apart; a file each beside this one, or a share of values out of the ordinary. */
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
