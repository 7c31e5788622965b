import type { RuleKind } from '../../../core/detection/kinds/written.ts';
import { parseAskingRule, parseRule, type RuleInput } from '../../../core/detection/rules/parse-rule.ts';
import type { AskingRule, RuleOf } from '../../../core/detection/rules/rule-schema.ts';
import type { Point } from '../../../core/telemetry/series.ts';

export const minute = 60_000;
/** The end of the judged time in these tests. */
export const to = 1_700_000_040_000;

const usual = {
  source: 'a',
  query: { samples: { metric: 'accuracy' } },
  category: 'performance',
  runbook: 'a',
} satisfies RuleInput;

/** A complete rule from what a test cares about. */
export const ruleOf = (part: Partial<RuleInput>): AskingRule => parseAskingRule({ ...usual, ...part });

/** The same of one kind, for a test that looks at what is the kind's own. */
export const ruleOfKind = <K extends RuleKind>(kind: K, part: Partial<RuleInput>): RuleOf<K> =>
  parseRule(kind, { ...usual, ...part });

export const drop = (part: Partial<RuleInput> = {}): AskingRule =>
  ruleOf({ degradation: { direction: 'drop', baseline: { fixed: 0.8 } }, ...part });
export const below = (part: Partial<RuleInput> = {}): AskingRule =>
  ruleOf({ threshold: { below: { warn: 0.76, critical: 0.72 } }, ...part });

/** One point a minute up to `to`, the last value the latest; undefined leaves a gap. */
export function pointsOf(values: readonly (number | undefined)[], count?: number): Point[] {
  return values.flatMap((value, i) => {
    if (value === undefined) return [];
    const at = to - (values.length - 1 - i) * minute;
    return [count === undefined ? { at, value } : { at, value, count }];
  });
}
