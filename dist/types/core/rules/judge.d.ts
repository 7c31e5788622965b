import type { Rule } from '../config/schema.ts';
import type { JudgeContext } from './context.ts';
import type { Point, Verdict } from './verdict.ts';
/** How much history one evaluation of the rule needs, in milliseconds before `to`. */
export declare function rangeNeeded(rule: Rule): number;
/**
 * Judges one series at one time. The latest N real points within the lookback are looked at; what is missing of N is
 * filled as `noData` says. The highest band with at least M breaching points wins.
 *
 * A point with fewer than `minCount` samples never breaches. With a `confidence`, a point enters a band only where its
 * Wilson interval lies wholly past the bound; to stay in a band that the alert is in already, the value itself decides,
 * for otherwise an alert on few samples could never end. Values that are no ratios are judged without an interval, and
 * the reason says so. Where points too small to judge, or missing ones under `noData: hold`, could make the difference
 * to the band that the alert is in, the verdict is `judged: false`, which holds it.
 */
export declare function judge(rule: Rule, points: readonly Point[], context: JudgeContext): Verdict;
