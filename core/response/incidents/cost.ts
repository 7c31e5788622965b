import type { Stakes } from '../../telemetry/samples/stakes.ts';
import type { Labels } from '../../vocabulary/schema-parts.ts';

/**
 * What the predictions were worth that an incident is about, in the unit of their source. It says
 * what was exposed, and what went wrong of it; not what was lost, which only who owns the process
 * knows.
 */
export type IncidentCost = {
  source: string;
  unit: string;
  /** Which of its predictions; empty: all. */
  labels: Labels;
  /** When these were made; `to` is not included. */
  from: number;
  to: number;
  /** Its beginning is longer ago than what is added up. */
  cut?: true;
  /** Predictions with a value, what they were worth, and how many said none. */
  predictions: number;
  exposed: number;
  unvalued: number;
  /**
   * Where labels are known. Not for models that predict numbers, of which none is right or wrong.
   */
  judged?: JudgedCost;
};

export type JudgedCost = {
  /** The value of predictions whose label is known. */
  known: number;
  /** The value of those that were wrong. */
  wrong: number;
  /**
   * What would have been wrong of `known` at the share of before it began, and how much more was;
   * absent: nothing was known then.
   */
  usual?: number;
  beyond?: number;
};

/** Sums over some buckets: predictions, and what was at stake in them. */
export type Exposure = { count: number; stakes: Stakes };

/**
 * `during` is of the predictions that the breach is judged by, `before` of those before them.
 * Errors are weighed by value, so a thousand small ones count less than one that is large.
 * Undefined if no prediction said its value.
 */
export function costOf(
  { count, stakes }: Exposure,
  before: Exposure | undefined,
  { predictsNumbers = false }: { predictsNumbers?: boolean } = {},
): Pick<IncidentCost, 'predictions' | 'exposed' | 'unvalued' | 'judged'> | undefined {
  if (stakes.valued <= 0) return undefined;
  const exposed = Math.max(0, stakes.sum);
  const judged = predictsNumbers ? undefined : judgedCost(stakes, before?.stakes);
  return {
    predictions: stakes.valued,
    exposed,
    // A label that carries its own prediction counts where no prediction did.
    unvalued: Math.max(0, count - stakes.valued),
    ...(judged !== undefined && { judged }),
  };
}

/**
 * A label that was taken back leaves the rounding of a double, so that sums are held within each
 * other.
 */
function judgedCost(during: Stakes, before: Stakes | undefined): JudgedCost | undefined {
  if (during.labelled <= 0) return undefined;
  const known = Math.max(0, during.labelledSum);
  const wrong = within(during.wrongSum, known);
  if (before === undefined || before.labelled <= 0 || before.labelledSum <= 0) return { known, wrong };
  const usual = known * (within(before.wrongSum, before.labelledSum) / before.labelledSum);
  return { known, wrong, usual, beyond: Math.max(0, wrong - usual) };
}

const within = (part: number, all: number): number => Math.min(Math.max(0, part), all);
