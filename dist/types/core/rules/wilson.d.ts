/** A closed interval of a ratio, within [0, 1]. */
export type Interval = {
    low: number;
    high: number;
};
/**
 * The quantile of the standard normal distribution: the z below which the share `p` lies; 0 < p < 1, otherwise NaN.
 * Source: M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477-484; relative error about 1e-16.
 */
export declare function normalQuantile(p: number): number;
/** The two-sided z of a confidence: 0.95 gives 1.96. */
export declare function zOf(confidence: number): number;
export declare function isRatio(value: number): boolean;
/**
 * The score interval of a ratio observed on `count` samples; fewer than one say nothing: [0, 1].
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.
 */
export declare function wilsonInterval(ratio: number, count: number, z: number): Interval;
