import type { Severity } from '../../../vocabulary/schema-parts.ts';
import { type Bounds, holds } from '../../points/bands.ts';
import type { PointKind } from '../../points/point-kind.ts';
import { boundText } from '../../points/reasons.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import { bandsOf, recoveryValue, sideOf } from './recovery.ts';

type ThresholdRule = RuleOf<'threshold'>;

/**
 * `current` is the alert's band. It and lower bands are left only at their recovery values.
 */
export function boundsOf(rule: ThresholdRule, current: Severity | undefined): Bounds {
  const { warn = Number.NaN, critical = Number.NaN } = bandsOf(rule.threshold);
  return {
    sign: sideOf(rule.threshold),
    inclusive: false,
    warn,
    critical,
    warnNow: holds(current, 'warn') && !Number.isNaN(warn) ? recoveryValue(rule, 'warn', warn).value : warn,
    criticalNow:
      holds(current, 'critical') && !Number.isNaN(critical) ? recoveryValue(rule, 'critical', critical).value : critical,
    slack: 0,
  };
}

/** Judges points by bounds given in the rule. */
export const thresholdPoints: PointKind<ThresholdRule> = {
  measure: (rule, _points, _start, _end, { current }) => ({
    ok: true,
    bounds: boundsOf(rule, current),
    baseline: undefined,
    each: undefined,
  }),
  bounds: (rule, _baseline, current) => boundsOf(rule, current),
  standing: (rule, current) => ({ side: sideOf(rule.threshold), bounds: boundsOf(rule, current) }),
  reach: () => 0,
  learns: () => false,
  normalBefore: () => undefined,
  placeText: () => '',
  bandText: (_rule, band, kept, bounds) => boundText(band, kept, bounds),
};
