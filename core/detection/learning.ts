import type { SourceConfig } from '../telemetry/sources/source.ts';
import type { TrainingBaselineConfig } from './baselines/schema.ts';
import { askingKindOf, commonKindOf } from './kinds/table.ts';
import { type AskingRule, isAsking, type Rule } from './rules/rule-schema.ts';

/**
 * How far before the end of the judged time a learned baseline uses points, in milliseconds; 0 if
 * the rule learns nothing. A version baseline is separate: it looks back from when the version was
 * first seen.
 */
export const learnsFrom = (rule: Rule): number => commonKindOf(rule).learnsFrom(rule);

/**
 * How far before the judged points a learned baseline uses other points, in milliseconds; undefined
 * without one.
 */
export const baselineReach = (rule: Rule): number | undefined => commonKindOf(rule).reach(rule);

/**
 * How far before now any baseline of the rule may use points, also that of a later model version,
 * in milliseconds; 0 if none. Firing times are remembered that long.
 */
export const historyOf = (rule: Rule, source: SourceConfig | undefined): number => commonKindOf(rule).remembers(rule, source);

/**
 * How long a missing baseline is normal: as long as it looks back, because a new rule has no past.
 * A named baseline (training, fixed span) exists or not; it gets one hour, in case it is being sent
 * right now.
 */
export const warmUpOf = (rule: Rule): number => commonKindOf(rule).warmUp(rule) ?? leastPatience(rule.step);

const hour = 3_600_000;

/** The patience for a baseline that is not warming up. */
export const leastPatience = (step: number): number => Math.max(hour, step);

/** The training a rule compares with, which depends on the served version; undefined if none. */
export const trainingOf = (rule: Rule): TrainingBaselineConfig | undefined =>
  isAsking(rule) ? askingKindOf(rule).training(rule) : undefined;

export const versionBeforeOf = (rule: AskingRule) => askingKindOf(rule).versionBefore(rule);
