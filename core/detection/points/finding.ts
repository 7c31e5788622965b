import type { Baseline } from '../verdict.ts';

/** The result of scanning one series' points. */
export type Finding = {
  metric: string;
  /**
   * Points past each band's bound. Those past critical also count as warn, and so do filled-in
   * breaching ones.
   */
  warn: number;
  critical: number;
  /** Points counted (real and filled in), and the real ones among them. */
  looked: number;
  real: number;
  /** Missing among N. */
  missing: number;
  /** Points with fewer samples than minCount. */
  small: number;
  /** Points without a baseline for their time, although the latest has one. */
  unmeasured: number;
  /** Points that cannot be judged: small ones, and missing ones under `noData: hold`. */
  unknown: number;
  /** Points whose value breaches but whose interval does not, and the latest such interval. */
  insignificant: number;
  interval: { low: number; high: number; count: number; z: number; tests: number } | undefined;
  /** A confidence is set, but a value is outside [0, 1]. */
  notRatio: boolean;
  latestPast: boolean;
  /** The index of the first real breaching point, or -1. */
  first: number;
  baseline: Baseline | undefined;
};
