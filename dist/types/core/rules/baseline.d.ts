import type { Baseline, BaselineResult, Point } from './verdict.ts';
export type BaselineConfig = {
    fixed?: number | undefined;
    rolling?: {
        window: number;
        statistic: 'median' | 'mean';
        minPoints: number;
    } | undefined;
};
/** Spans of degradation, both ends included, milliseconds since the epoch. */
export type Span = {
    from: number;
    to: number;
};
/**
 * What normal is for a series. A rolling baseline is taken over the points with before - window <= at < before, outside
 * the excluded spans; `points` are finite, oldest first. Refused with the reason when there are too few of them, or when
 * nothing can be relative to it (zero). A frozen rolling baseline stands as it is; a fixed one always follows the config.
 */
export declare function baselineOf(config: BaselineConfig, points: readonly Point[], before: number, excluded: readonly Span[], frozen: Baseline | undefined): BaselineResult;
/** The middle value, or the mean of the two middle ones. Sorts `values` in place; NaN when empty. */
export declare function medianOf(values: Float64Array): number;
