import type { Severity } from '../../vocabulary/schema-parts.ts';
import type { Rule } from '../rules/rule-schema.ts';
import type { Baseline } from '../verdict.ts';

/**
 * The bounds of a rule's bands in units of the metric, as one evaluation uses them. NaN where the rule has no such band:
 * nothing compares with NaN, so nothing breaches it.
 */
export type Bounds = {
  /** 1: higher is worse; -1: lower is worse. */
  sign: 1 | -1;
  /** A degradation of exactly the bound is a breach; a value at a threshold is not yet above or below it. */
  inclusive: boolean;
  /** Where a band is entered. */
  warn: number;
  critical: number;
  /** Where points count as breaching now: easier for the bands that the alert is in already. */
  warnNow: number;
  criticalNow: number;
  /** Rounding that two spellings of one number may differ by. */
  slack: number;
};

const holds = (current: Severity | undefined, band: Severity): boolean => current === 'critical' || current === band;

/**
 * `current` is the band that the alert is in; its bounds, and those of the bands below it, are moved to the good side by
 * hysteresis: to `recover` of the bound for a degradation, by (1 - recover) of the bound's size for a threshold. A
 * threshold of 0 has no size, hence no hysteresis. `baseline` is used by degradation rules only; of a seasonal one the
 * bands begin no nearer to it than `deviations` of its spreads.
 */
export function boundsOf(rule: Rule, baseline: Baseline | undefined, current: Severity | undefined): Bounds {
  const { degradation, threshold, recover } = rule;
  if (degradation !== undefined) {
    const centre = baseline?.value ?? 0;
    const size = Math.abs(centre);
    const noise = baseline?.kind === 'seasonal' ? (degradation.baseline.seasonal?.deviations ?? 0) * baseline.spread : 0;
    const sign = degradation.direction === 'rise' ? 1 : -1;
    const distances = { warn: Math.max(degradation.warn * size, noise), critical: Math.max(degradation.critical * size, noise) };
    return around(centre, sign, distances, recover, current);
  }
  const sign = threshold?.above === undefined ? -1 : 1;
  const { warn = Number.NaN, critical = Number.NaN } = threshold?.above ?? threshold?.below ?? {};
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

/** Bands that begin at distances from a centre, on its bad side; NaN where there is no such band. */
export function around(
  centre: number,
  sign: 1 | -1,
  distances: Readonly<Record<Severity, number>>,
  recover: number,
  current: Severity | undefined,
): Bounds {
  const { warn, critical } = distances;
  return {
    sign,
    inclusive: true,
    warn: centre + sign * warn,
    critical: centre + sign * critical,
    warnNow: centre + sign * (holds(current, 'warn') ? warn * recover : warn),
    criticalNow: centre + sign * (holds(current, 'critical') ? critical * recover : critical),
    slack: Math.abs(centre) * 1e-12,
  };
}

/** Whether a value lies on the bad side of a bound. */
export function isPast(value: number, bound: number, bounds: Bounds): boolean {
  const beyond = bounds.sign * (value - bound);
  return bounds.inclusive ? beyond >= -bounds.slack : beyond > 0;
}
