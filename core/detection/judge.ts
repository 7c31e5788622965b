import type { Point } from '../telemetry/series.ts';
import type { JudgeContext } from './context.ts';
import { askingKindOf } from './kinds/table.ts';
import { reconciled } from './points/revision.ts';
import type { AskingRule } from './rules/rule-schema.ts';
import type { Verdict } from './verdict.ts';

/** Judges one series at one time, by the kind of its rule. Throws TypeError for an unknown kind. */
export const judge = (rule: AskingRule, points: readonly Point[], context: JudgeContext): Verdict =>
  askingKindOf(rule).judge(rule, reconciled(points, rule), context);

/** The history one evaluation needs, in milliseconds before `to`. */
export const rangeNeeded = (rule: AskingRule): number => askingKindOf(rule).history(rule);
