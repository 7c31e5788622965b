import type { Rule, RuleQuery, Severity } from '../config/schema.ts';
import type { Bounds } from './bands.ts';
import type { Baseline, Point, Verdict } from './verdict.ts';
/** What looking at the points of one series found. */
export type Finding = {
    metric: string;
    /** Points past the bound of each band; those past critical count as warn too, and so do filled ones that breach. */
    warn: number;
    critical: number;
    /** Points counted, real and filled, and how many of these are real. */
    looked: number;
    real: number;
    /** Points with fewer samples than minCount. */
    small: number;
    /** Points for which there is no baseline of their time, though there is one for the latest. */
    unmeasured: number;
    /** Points of which nobody can tell: the small ones, and the missing ones under `noData: hold`. */
    unknown: number;
    /** Points whose value breaches while their interval does not, and the interval of the latest of them. */
    insignificant: number;
    interval: {
        low: number;
        high: number;
        count: number;
    } | undefined;
    /** A confidence was asked for, and a value lies outside [0, 1]. */
    notRatio: boolean;
    latestPast: boolean;
    baseline: Baseline | undefined;
};
/** What a person calls the value that a query gives. */
export declare function metricName(query: RuleQuery | undefined): string;
export declare const noDataReason: (metric: string, lookback: number) => string;
export declare const baselineReason: (metric: string, reason: string) => string;
export declare function heldReason(finding: Finding, current: Severity, m: number): string;
export declare function tooSmallReason(finding: Finding, point: Point, rule: Rule): string;
/** One sentence: the latest value, what it is compared with, and how many points of those looked at breach. */
export declare function reasonOf(verdict: Verdict, finding: Finding, bounds: Bounds, rule: Rule, current: Severity | undefined): string;
/** How sure the latest value is, where it rests on late labels, on scores alone, or on bins; empty where it is exact. */
export declare function certaintyOf({ labelled, errorBound, ...point }: Point, rule: Rule): string;
