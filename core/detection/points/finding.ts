import type { Baseline } from '../verdict.ts';

/** What looking at the points of one series found. */
export type Finding = {
  metric: string;
  /**
   * Points past the bound of each band; those past critical count as warn too, and so do filled
   * ones that breach.
   */
  warn: number;
  critical: number;
  /** Points counted, real and filled, and how many of these are real. */
  looked: number;
  real: number;
  /** Of N. */
  missing: number;
  /** Points with fewer samples than minCount. */
  small: number;
  /** Points for which there is no baseline of their time, though there is one for the latest. */
  unmeasured: number;
  /** Points of which nobody can tell: the small ones, and the missing ones under `noData: hold`. */
  unknown: number;
  /**
   * Points whose value breaches while their interval does not, and the interval of the latest of
   * them.
   */
  insignificant: number;
  interval: { low: number; high: number; count: number; z: number; tests: number } | undefined;
  /** A confidence was asked for, and a value lies outside [0, 1]. */
  notRatio: boolean;
  latestPast: boolean;
  /** The place of the first real point that breaches, or -1. */
  first: number;
  baseline: Baseline | undefined;
};
