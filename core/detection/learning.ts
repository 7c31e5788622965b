import type { SourceConfig } from '../telemetry/sources/source.ts';
import type { TrainingBaselineConfig } from './baselines/schema.ts';
import { askingKindOf, commonKindOf } from './kinds/table.ts';
import { type AskingRule, isAsking, type Rule } from './rules/rule-schema.ts';

/**
 * How far back from the end of the judged time points may lie that a baseline of the series itself
 * rests on, in milliseconds; 0 for rules that learn nothing from it. For a version baseline it is
 * said apart, for that looks back from when the version was first seen.
 */
export const learnsFrom = (rule: Rule): number => commonKindOf(rule).learnsFrom(rule);

/**
 * How far back from the judged points a baseline of the series itself rests on others, in
 * milliseconds; undefined without such a baseline.
 */
export const baselineReach = (rule: Rule): number | undefined => commonKindOf(rule).reach(rule);

/**
 * How long before now points may lie that a baseline of the rule still rests on, also that of a
 * later version of its model, in milliseconds; 0 where it rests on none. Times in which an alert
 * fired are remembered as long.
 */
export const historyOf = (rule: Rule, source: SourceConfig | undefined): number => commonKindOf(rule).remembers(rule, source);

/**
 * For how long it is normal that a baseline is refused: as long as it looks back, for a rule that
 * is new has nothing to look back at. A baseline that is named, such as a training or a fixed span,
 * is there or is not: an hour is for what is being sent just now.
 */
export const warmUpOf = (rule: Rule): number => commonKindOf(rule).warmUp(rule) ?? leastPatience(rule.step);

const hour = 3_600_000;

/** Where a baseline is not warming up. */
export const leastPatience = (step: number): number => Math.max(hour, step);

/**
 * The training that a rule compares with, and so depends on which version serves; undefined where
 * it compares with none.
 */
export const trainingOf = (rule: Rule): TrainingBaselineConfig | undefined =>
  isAsking(rule) ? askingKindOf(rule).training(rule) : undefined;

export const versionBeforeOf = (rule: AskingRule) => askingKindOf(rule).versionBefore(rule);
