import type { Point } from '../../../telemetry/series.ts';
import { formatPercent, formatValue } from '../../../vocabulary/format.ts';
import type { Severity } from '../../../vocabulary/schema-parts.ts';
import { unknownKind } from '../../../vocabulary/unknown-kind.ts';
import type { BaselineGiven } from '../../baselines/baseline-kind.ts';
import { baselineKindOf } from '../../baselines/table.ts';
import type { JudgeContext } from '../../context.ts';
import { around, type Bounds } from '../../points/bands.ts';
import type { PointKind } from '../../points/point-kind.ts';
import { boundText, sizeText } from '../../points/reasons.ts';
import { eachOf, type Yardstick } from '../../points/yardstick.ts';
import type { RuleOf } from '../../rules/rule-schema.ts';
import type { Baseline } from '../../verdict.ts';

type DegradationRule = RuleOf<'degradation'>;

const signOf = ({ direction }: DegradationRule['degradation']): 1 | -1 => (direction === 'rise' ? 1 : -1);

/**
 * Fractions of the baseline. For a seasonal one, bands begin at least `deviations` spreads away.
 */
export function boundsOf(
  { degradation, recover }: DegradationRule,
  baseline: Baseline | undefined,
  current: Severity | undefined,
): Bounds {
  const centre = baseline?.value ?? 0;
  const size = Math.abs(centre);
  const noise = baseline?.kind === 'seasonal' ? deviationsOf(degradation) * baseline.spread : 0;
  const distances = { warn: Math.max(degradation.warn * size, noise), critical: Math.max(degradation.critical * size, noise) };
  return around(centre, signOf(degradation), distances, recover, current);
}

const deviationsOf = ({ baseline }: DegradationRule['degradation']): number => baselineKindOf(baseline).deviations(baseline);

function measure(rule: DegradationRule, points: readonly Point[], start: number, end: number, context: JudgeContext): Yardstick {
  const { to, current } = context;
  const config = rule.degradation.baseline;
  const kind = baselineKindOf(config);
  const before = Math.min((points[start] as Point).at, to - (rule.for.n - 1) * rule.step);
  const given: BaselineGiven = { rule, points, before, context };
  if (!kind.byTime) {
    const found = kind.normal(config, given, to);
    if (!found.ok) return found;
    return { ok: true, bounds: boundsOf(rule, found.baseline, current), baseline: found.baseline, each: undefined };
  }
  return eachOf(points, start, end, ({ at }) => {
    const found = kind.normal(config, given, at);
    return found.ok ? { ok: true, bounds: boundsOf(rule, found.baseline, current), baseline: found.baseline } : found;
  });
}

/** Judges points by how much worse they are than a baseline. */
export const degradationPoints: PointKind<DegradationRule> = {
  measure,
  bounds: boundsOf,
  standing(rule, current) {
    const { baseline } = rule.degradation;
    const value = baselineKindOf(baseline).named(baseline);
    if (value === undefined) return undefined;
    return { side: signOf(rule.degradation), bounds: boundsOf(rule, { kind: 'fixed', value }, current) };
  },
  reach: ({ degradation: { baseline } }) => baselineKindOf(baseline).reach(baseline),
  learns: ({ degradation: { baseline } }) => baselineKindOf(baseline).learns,
  normalBefore(rule, points, before, context) {
    const { baseline } = rule.degradation;
    const found = baselineKindOf(baseline).normal(baseline, { rule, points, before, context }, context.to);
    return found.ok ? found.baseline : undefined;
  },
  placeText(_rule, how, baseline) {
    const value = formatValue(baseline.value);
    switch (baseline.kind) {
      case 'seasonal':
        return ` is ${how} the baseline ${value} of this time of earlier ${baseline.season}s`;
      case 'version':
        return ` is ${how} the baseline ${value} of version ${baseline.version}`;
      case 'training':
        return ` is ${how} the ${value} of the training of version ${baseline.version} (dataset ${baseline.dataset}, ${baseline.count} rows)`;
      case 'fixed':
      case 'rolling':
      case 'earlier':
      case 'expected':
      case 'profile':
        return ` is ${how} the baseline ${value}`;
      default:
        return unknownKind('baseline kind', baseline);
    }
  },
  sizes: ({ degradation: { warn, critical }, recover }) => [warn, critical, warn * recover, critical * recover],
  bandText(rule, band, kept, bounds, baseline) {
    if (baseline === undefined) return boundText(band, kept, bounds);
    const { degradation, recover } = rule;
    const deviations = deviationsOf(degradation);
    const noise = deviations > 0 ? ` and ${formatValue(kept ? deviations * recover : deviations)} spreads` : '';
    return sizeText(band, kept, recover, degradation[band], (share) => `${formatPercent(share)}${noise}`);
  },
};
