import type { Rule, Severity } from '../config/schema.ts';
import type { Baseline } from './verdict.ts';
/**
 * The bounds of a rule's bands in units of the metric, as one evaluation uses them. NaN where the rule has no such band:
 * nothing compares with NaN, so nothing breaches it.
 */
export type Bounds = {
    /** 1: higher is worse; -1: lower is worse. */
    sign: 1 | -1;
    /** A degradation of exactly the bound is a breach; a value at a threshold is not yet above or below it. */
    inclusive: boolean;
    /** Where a band is entered. */
    warn: number;
    critical: number;
    /** Where points count as breaching now: easier for the bands that the alert is in already. */
    warnNow: number;
    criticalNow: number;
    /** Rounding that two spellings of one number may differ by. */
    slack: number;
};
/**
 * `current` is the band that the alert is in; its bounds, and those of the bands below it, are moved to the good side by
 * hysteresis: to `recover` of the bound for a degradation, by (1 - recover) of the bound's size for a threshold. A
 * threshold of 0 has no size, hence no hysteresis. `baseline` is used by degradation rules only; of a seasonal one the
 * bands begin no nearer to it than `deviations` of its spreads.
 */
export declare function boundsOf(rule: Rule, baseline: Baseline | undefined, current: Severity | undefined): Bounds;
/** Bands that begin at distances from a centre, on its bad side; NaN where there is no such band. */
export declare function around(centre: number, sign: 1 | -1, distances: Readonly<Record<Severity, number>>, recover: number, current: Severity | undefined): Bounds;
/** Whether a value lies on the bad side of a bound. */
export declare function isPast(value: number, bound: number, bounds: Bounds): boolean;
