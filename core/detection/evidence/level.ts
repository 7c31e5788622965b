import { normalTail } from '../../statistics/normal.ts';
import { onsetChance, type Timing } from './onsets.ts';

/** A budget counts alarms in this time, whatever the month. */
export const monthMs = 30 * 86_400_000;

/** How a rule tests: what decides how sure a breach has to be. */
export type Testing = {
  /** The level where there is no budget; a budget makes it stricter, never laxer. */
  most: number;
  /** The budget: alarms in 30 days. */
  falseAlarms: number | undefined;
  step: number;
  /** How often it asks one series at a time. */
  questions: number;
  /** How its points hang together. */
  timing: Timing;
  /**
   * What the level is of: of each test; or of all that Benjamini and Hochberg declare, of which it
   * is their q.
   */
  of: 'tests' | 'declarations';
};

/** What is less sure than this is never declared, whatever the budget. */
const leastConfidence = 0.95;

/**
 * The level of the tests of a rule: the chance with which a value that lies exactly at its bound is
 * taken for one past it, one-sided; for drift, the chance of any false declaration in one
 * evaluation. Where Benjamini and Hochberg bound a family of `tests`, it is their q, and a single
 * one of them that stands alone has to reach level / tests.
 *
 * With a budget of false alarms it is what makes the alarms of a month as many as that if nothing
 * ever changes: tests x points a month x onsetChance(level / tests) = falseAlarms. It assumes what
 * `onsetChance` says of windows that overlap, that series vary by themselves (where they vary
 * together there are fewer alarms), and the worst case of a value that lies at the bound of the
 * lower band all the time. It is at most what `confidence` (95 % when left out) or `falseDiscovery`
 * says.
 */
export function levelOf({ most, falseAlarms, step, questions, timing, of }: Testing, tests: number): number {
  if (falseAlarms === undefined) return most;
  const wanted = falseAlarms / (tests * questions * (monthMs / step));
  const all = tests * tailOf(wanted, timing);
  return Math.min(most, of === 'tests' ? all : levelToDeclare(all));
}

/**
 * How many of many tests Benjamini and Hochberg declare at level q on average where nothing is
 * true: q / (1 - q)^2, for the first that passes makes it easier for the next. Source: the count is
 * Borel-Tanner in the limit; see H. Finner and M. Roters, On the false discovery rate and expected
 * type I errors, Biometrical Journal 43 (2001) 985-1005.
 */
export const declaredAt = (level: number): number => level / (1 - level) ** 2;

/**
 * The inverse: the level at which so many are declared. In the form of the root that takes no
 * difference, which would be 0 of small counts.
 */
export const levelToDeclare = (count: number): number => (2 * count) / (2 * count + 1 + Math.sqrt(4 * count + 1));

/** The level of one test of a rule with a `confidence`, without a budget. */
export const levelOfConfidence = (confidence: number | undefined): number => (1 - (confidence ?? leastConfidence)) / 2;

// ---------------------------------------------------------------- the inverse of onsetChance

/**
 * Logarithms of onset chances at bounds from `lowest` on, `every` apart: 0.5 % exact between them.
 */
type Curve = Float64Array;
const [lowest, every, cells] = [1, 0.2, 36] as const;
/** Rules that share their timing share it; bounded, for a config may change for ever. */
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
  // Beyond the last cell the line goes on, which errs to the strict side.
  const part = Number.isFinite(below) ? (above - wanted) / (above - below) : 0;
  return normalTail(lowest + (after - 1 + part) * every);
}
