import type { Labels, Severity } from '../config/schema.ts';
/** One judged value. `at` is the end of the span it summarises, milliseconds since the epoch. */
export type Point = {
    at: number;
    value: number;
    /** Samples behind the value, where the source knows them. */
    count?: number;
};
/** The points of one series, oldest first, at most one a step. */
export type Series = {
    labels: Labels;
    points: Point[];
};
export type Baseline = {
    kind: 'fixed';
    value: number;
} | {
    kind: 'rolling';
    value: number;
    statistic: 'median' | 'mean';
    points: number;
    from: number;
    to: number;
};
export type BaselineResult = {
    ok: true;
    baseline: Baseline;
} | {
    ok: false;
    reason: string;
};
export type VerdictStatus = 'ok' | Severity | 'no data' | 'error';
/** What one evaluation of one series found. */
export type Verdict = {
    status: VerdictStatus;
    /** When the rule was evaluated. */
    at: number;
    /** Why, in words for a person. */
    reason: string;
    /** The latest real point. */
    point?: Point;
    /** Present for degradation rules whose baseline was accepted. */
    baseline?: Baseline;
    /** Degradation as a fraction of the baseline; positive is worse. */
    degradation?: number;
    /** The bound of the band that was breached, or of the lowest band, in units of the metric. */
    bound?: number;
    /** Points that breached of those looked at. */
    breaching?: number;
    looked?: number;
    /** false: nothing could be judged (baseline refused, too few samples), so a firing alert holds its state. */
    judged: boolean;
};
