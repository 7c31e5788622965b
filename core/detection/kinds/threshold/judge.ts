import type { Severity } from '../../../vocabulary/schema-parts.ts';
import { type Bounds, holds } from '../../points/bands.ts';
import type { PointKind } from '../../points/point-kind.ts';
import { boundText } from '../../points/reasons.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';

type ThresholdRule = RuleOf<'threshold'>;

const sideOf = ({ above }: ThresholdRule['threshold']): 1 | -1 => (above === undefined ? -1 : 1);

/**
 * `current` is the alert's band. Hysteresis moves its bound, and those of lower bands, to the good
 * side by (1 - recover) of the bound's size. A threshold of 0 has no size and thus no hysteresis.
 */
export function boundsOf({ threshold, recover }: ThresholdRule, current: Severity | undefined): Bounds {
  const sign = sideOf(threshold);
  const { warn = Number.NaN, critical = Number.NaN } = threshold.above ?? threshold.below ?? {};
  const leave = (bound: number): number => bound - sign * (1 - recover) * Math.abs(bound);
  return {
    sign,
    inclusive: false,
    warn,
    critical,
    warnNow: holds(current, 'warn') ? leave(warn) : warn,
    criticalNow: holds(current, 'critical') ? leave(critical) : critical,
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
