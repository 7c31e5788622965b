import type { Severity } from '../../vocabulary/schema-parts.ts';

/**
 * The bounds of a rule's bands in units of the metric, for one evaluation. NaN for a missing band:
 * no comparison with NaN is true, so nothing breaches it.
 */
export type Bounds = {
  /** 1: higher is worse; -1: lower is worse. */
  sign: 1 | -1;
  /** A degradation equal to the bound breaches; a value equal to a threshold does not. */
  inclusive: boolean;
  /** Where a band is entered. */
  warn: number;
  critical: number;
  /** Where points breach now: easier for bands the alert is already in. */
  warnNow: number;
  criticalNow: number;
  /** Tolerance for rounding of equal numbers. */
  slack: number;
};

/** Whether an alert in band `current` includes `band`, so that hysteresis applies. */
export const holds = (current: Severity | undefined, band: Severity): boolean => current === 'critical' || current === band;

/**
 * Bands at distances from a centre, on its bad side; NaN if missing. The alert's band and lower
 * ones are left only at `recover` of their distance.
 */
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

/** Whether a value is on the bad side of a bound. */
export function isPast(value: number, bound: number, bounds: Bounds): boolean {
  const beyond = bounds.sign * (value - bound);
  return bounds.inclusive ? beyond >= -bounds.slack : beyond > 0;
}
