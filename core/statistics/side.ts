/** The alternative hypothesis: current differs from the baseline, is greater, or is less. */
export type Side = 'two-sided' | 'greater' | 'less';
