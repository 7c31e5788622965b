import type { Severity } from '../../vocabulary/schema-parts.ts';

/**
 * The bounds of a rule's bands in units of the metric, as one evaluation uses them. NaN where the
 * rule has no such band: nothing compares with NaN, so nothing breaches it.
 */
export type Bounds = {
  /** 1: higher is worse; -1: lower is worse. */
  sign: 1 | -1;
  /**
   * A degradation of exactly the bound is a breach; a value at a threshold is not yet above or
   * below it.
   */
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

/** Whether an alert in the band `current` is in `band`, so that it is left by hysteresis. */
export const holds = (current: Severity | undefined, band: Severity): boolean => current === 'critical' || current === band;

/**
 * Bands that begin at distances from a centre, on its bad side; NaN where there is no such band.
 * Those that the alert is in, `current` and below, are left at `recover` of their distance only.
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

/** Whether a value lies on the bad side of a bound. */
export function isPast(value: number, bound: number, bounds: Bounds): boolean {
  const beyond = bounds.sign * (value - bound);
  return bounds.inclusive ? beyond >= -bounds.slack : beyond > 0;
}
