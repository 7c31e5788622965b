import { normalTail } from '../../statistics/normal.ts';
import type { Rule } from '../rules/rule-schema.ts';
import { onsetChance, type Timing } from './onsets.ts';

/** A budget counts alarms in this time, whatever the month. */
export const monthMs = 30 * 86_400_000;

type TestedRule = Pick<Rule, 'step' | 'for' | 'query' | 'samples' | 'drift' | 'burnRate' | 'falseAlarms'>;

/** What is never surer than this is never declared: a budget makes a rule stricter, not laxer. */
const leastConfidence = 0.95;

/**
 * The level of the tests of a rule: the chance with which a value that lies exactly at its bound is taken for one past it, one-sided;
 * for drift, the chance of any false declaration in one evaluation. Where Benjamini and Hochberg bound a family of `tests`, it is
 * their q, and a single one of them that stands alone has to reach level / tests.
 *
 * With a budget of false alarms it is what makes the alarms of a month as many as that if nothing ever changes:
 * tests x points a month x onsetChance(level / tests) = falseAlarms. It assumes what `onsetChance` says of windows that overlap,
 * that series vary by themselves (where they vary together there are fewer alarms), and the worst case of a value that lies at the
 * bound of the lower band all the time. It is at most what `confidence` (95 % when left out) or `falseDiscovery` says.
 */
export function levelOf(rule: TestedRule, tests: number): number {
  const { drift, samples, falseAlarms } = rule;
  const most = drift === undefined ? (1 - (samples.confidence ?? leastConfidence)) / 2 : drift.falseDiscovery;
  if (falseAlarms === undefined) return most;
  const wanted = falseAlarms / (tests * questions(rule) * (monthMs / rule.step));
  const all = tests * tailOf(wanted, timingOf(rule));
  return Math.min(most, drift === undefined ? all : levelToDeclare(all));
}

/**
 * How many of many tests Benjamini and Hochberg declare at level q on average where nothing is true: q / (1 - q)^2, for the first that
 * passes makes it easier for the next. Source: the count is Borel-Tanner in the limit; see H. Finner and M. Roters, On the false
 * discovery rate and expected type I errors, Biometrical Journal 43 (2001) 985-1005.
 */
export const declaredAt = (level: number): number => level / (1 - level) ** 2;

/** The inverse: the level at which so many are declared. In the form of the root that takes no difference, which would be 0 of small counts. */
export const levelToDeclare = (count: number): number => (2 * count) / (2 * count + 1 + Math.sqrt(4 * count + 1));

/** How often a rule asks one series at a time: once, or once for each pair of windows. */
const questions = ({ burnRate }: TestedRule): number => burnRate?.windows.length ?? 1;

/** How the points of a rule hang together. */
export function timingOf({ step, for: { m, n }, query, drift, burnRate }: TestedRule): Timing {
  const over = (query?.predictions ?? query?.samples)?.over ?? step;
  if (burnRate !== undefined) return { spans: Math.min(...burnRate.windows.map(({ long }) => long)) / step, m: 1, n: 1 };
  return drift === undefined ? { spans: over / step, m, n } : { spans: over / step, m: 1, n: 1 };
}

// ---------------------------------------------------------------- the inverse of onsetChance

/** Logarithms of onset chances at bounds from `lowest` on, `every` apart: 0.5 % exact between them. */
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
