import { normalTail } from '../../statistics/normal.ts';
import { onsetChance, type Timing } from './onsets.ts';

/** A budget counts alarms per this time, whatever the month. */
export const monthMs = 30 * 86_400_000;

/** How a rule tests, which decides how certain a breach must be. */
export type Testing = {
  /** The level without a budget. A budget only makes it stricter. */
  most: number;
  /** The budget: alarms in 30 days. */
  falseAlarms: number | undefined;
  step: number;
  /** How often one series is tested at a time. */
  questions: number;
  /** How its points overlap. */
  timing: Timing;
  /**
   * What the level applies to: each test, or all declarations of Benjamini and Hochberg, as their
   * q.
   */
  of: 'tests' | 'declarations';
};

/** Nothing less certain is ever declared, whatever the budget. */
const leastConfidence = 0.95;

/**
 * The level of a rule's tests: the one-sided chance that a value exactly at its bound counts as
 * past it; for drift, the chance of any false declaration in one evaluation. If Benjamini and
 * Hochberg bound a family of `tests`, it is their q, and a test that stands alone must reach level
 * / tests.
 *
 * A false alarm budget sets it so that, without any change, a month has that many alarms: tests x
 * points a month x onsetChance(level / tests) = falseAlarms. This assumes what `onsetChance` says
 * about overlapping windows, independent series (correlated ones give fewer alarms), and the worst
 * case of a value that stays at the lower band's bound. It is at most what `confidence` (default 95
 * %) or `falseDiscovery` says.
 */
export function levelOf({ most, falseAlarms, step, questions, timing, of }: Testing, tests: number): number {
  if (falseAlarms === undefined) return most;
  const wanted = falseAlarms / (tests * questions * (monthMs / step));
  const all = tests * tailOf(wanted, timing);
  return Math.min(most, of === 'tests' ? all : levelToDeclare(all));
}

/**
 * How many of many tests Benjamini and Hochberg declare at level q on average when nothing is true:
 * q / (1 - q)^2, because the first pass makes the next easier. Source: the count is Borel-Tanner in
 * the limit; see H. Finner and M. Roters, On the false discovery rate and expected type I errors,
 * Biometrical Journal 43 (2001) 985-1005.
 */
export const declaredAt = (level: number): number => level / (1 - level) ** 2;

/**
 * The inverse: the level that declares this many. Uses the form of the root without a difference,
 * which would cancel for small counts.
 */
export const levelToDeclare = (count: number): number => (2 * count) / (2 * count + 1 + Math.sqrt(4 * count + 1));

/** The level of one test for a rule with `confidence` and no budget. */
export const levelOfConfidence = (confidence: number | undefined): number => (1 - (confidence ?? leastConfidence)) / 2;

// ---------------------------------------------------------------- the inverse of onsetChance

/** Log onset chances at bounds from `lowest`, `every` apart; 0.5 % accurate in between. */
type Curve = Float64Array;
const [lowest, every, cells] = [1, 0.2, 36] as const;
/** Cached for rules with equal timing. Bounded: configs may change any number of times. */
const curves = new Map<string, Curve>();

function curveOf(timing: Timing): Curve {
  const key = `${timing.spans} ${timing.m}/${timing.n}`;
  let curve = curves.get(key);
  if (curve === undefined) {
    curve = Float64Array.from({ length: cells }, (_, i) => Math.log(onsetChance(normalTail(lowest + i * every), timing)));
    if (curves.size >= 100) curves.clear();
    curves.set(key, curve);
  }
  return curve;
}

/** The tail of one point at which alerts begin this often; at most that of the lowest bound. */
function tailOf(onset: number, timing: Timing): number {
  const wanted = Math.log(onset);
  const curve = curveOf(timing);
  const at = curve.findIndex((value) => !(value > wanted));
  if (at === 0) return normalTail(lowest);
  const after = at < 0 ? cells - 1 : at;
  const [above, below] = [curve[after - 1] as number, curve[after] as number];
  // Extrapolates past the last cell, which errs on the strict side.
  const part = Number.isFinite(below) ? (above - wanted) / (above - below) : 0;
  return normalTail(lowest + (after - 1 + part) * every);
}
