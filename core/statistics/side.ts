/** What the alternative is: the current value differs from the baseline's, lies above it, or lies below it. */
export type Side = 'two-sided' | 'greater' | 'less';
