import type { z } from 'zod';
import { type Rule, ruleSchema } from '../../../core/detection/rules/rule-schema.ts';
import type { Point } from '../../../core/telemetry/series.ts';

export const minute = 60_000;
/** The end of the judged time in these tests. */
export const to = 1_700_000_040_000;

type RuleInput = z.input<typeof ruleSchema>;

/** A complete rule from what a test cares about. */
export function ruleOf(part: Partial<RuleInput>): Rule {
  return ruleSchema.parse({
    source: 'a',
    query: { samples: { metric: 'accuracy' } },
    category: 'performance',
    runbook: 'a',
    ...part,
  });
}

export const drop = (part: Partial<RuleInput> = {}): Rule =>
  ruleOf({ degradation: { direction: 'drop', baseline: { fixed: 0.8 } }, ...part });
export const below = (part: Partial<RuleInput> = {}): Rule =>
  ruleOf({ threshold: { below: { warn: 0.76, critical: 0.72 } }, ...part });

/** One point a minute up to `to`, the last value the latest; undefined leaves a gap. */
export function pointsOf(values: readonly (number | undefined)[], count?: number): Point[] {
  return values.flatMap((value, i) => {
    if (value === undefined) return [];
    const at = to - (values.length - 1 - i) * minute;
    return [count === undefined ? { at, value } : { at, value, count }];
  });
}
