import type { Point } from '../telemetry/series.ts';
import type { JudgeContext } from './context.ts';
import { askingKindOf } from './kinds/table.ts';
import { reconciled } from './points/revision.ts';
import type { AskingRule } from './rules/rule-schema.ts';
import type { Verdict } from './verdict.ts';

/**
 * Judges one series at one time, as rules of its kind do. Throws a TypeError for a kind that is not
 * known.
 */
export const judge = (rule: AskingRule, points: readonly Point[], context: JudgeContext): Verdict =>
  askingKindOf(rule).judge(rule, reconciled(points, rule), context);

/** How much history one evaluation of the rule needs, in milliseconds before `to`. */
export const rangeNeeded = (rule: AskingRule): number => askingKindOf(rule).history(rule);
