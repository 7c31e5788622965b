import type { BaselineConfig } from '../config/baseline-schema.ts';
import type { Baseline, BaselineResult, Point, Previous } from './verdict.ts';
/** Spans of degradation, both ends included, milliseconds since the epoch. */
export type Span = {
    from: number;
    to: number;
};
type Window = {
    window: number;
    statistic: 'median' | 'mean';
    minPoints: number;
    maxAge?: number | undefined;
    /** Points that rest on fewer samples are left out. */
    minCount?: number;
};
/** How far back from the judged points a baseline may rest on points of the series itself, in milliseconds. */
export declare function baselineReach({ rolling, seasonal }: BaselineConfig): number;
export declare const periodOf: (season: 'day' | 'week') => number;
/**
 * What normal is for a series, where that is one value for all judged points: fixed or rolling. A rolling baseline is taken
 * over the points with before - window <= at < before, outside the excluded spans; `points` are finite, oldest first.
 * Refused with the reason when there are too few of them, when the newest is too old, or when nothing can be relative to
 * it (zero). A frozen rolling baseline stands as it is; a fixed one always follows the config.
 */
export declare function baselineOf(config: Pick<BaselineConfig, 'fixed' | 'rolling'>, points: readonly Point[], before: number, excluded: readonly Span[], frozen: Baseline | undefined): BaselineResult;
/**
 * What the version before this one was like in the window before this one was first seen. Later points of the old version
 * do not move it, so it stands still while two versions serve side by side. `excluded` are spans of the old version's own
 * alerts.
 */
export declare function versionBaseline(config: Window, previous: Previous | undefined, now: number, excluded: readonly Span[], frozen: Baseline | undefined): BaselineResult;
export declare const staleReason: (age: number, maxAge: number) => string;
export declare function within(spans: readonly Span[], at: number): boolean;
export declare function usable(baseline: Baseline): BaselineResult;
/** The middle value, or the mean of the two middle ones. Sorts `values` in place; NaN when empty. */
export declare function medianOf(values: Float64Array): number;
export {};
