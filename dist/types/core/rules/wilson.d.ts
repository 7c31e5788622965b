/** A closed interval of a ratio, within [0, 1]. */
export type Interval = {
    low: number;
    high: number;
};
/** The two-sided z of a confidence: 0.95 gives 1.96. */
export declare function zOf(confidence: number): number;
export declare function isRatio(value: number): boolean;
/**
 * The score interval of a ratio observed on `count` samples; fewer than one say nothing: [0, 1].
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212.
 */
export declare function wilsonInterval(ratio: number, count: number, z: number): Interval;
