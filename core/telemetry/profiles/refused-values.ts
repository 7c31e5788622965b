import { originOf, type Sample } from '../../statistics/distributions/sample.ts';
import type { DriftValue, Measure } from '../../statistics/distributions/value.ts';
import { asTheyAre } from '../../statistics/distributions/zeros.ts';
import { type Refused, refused } from '../../statistics/refused.ts';
import { type Proportion, twoProportions } from '../../statistics/two-proportions.ts';
import { alignedSamples, sampleOfSketch } from './aligned-samples.ts';
import type { Compared, Shape } from './shape.ts';

/** Measures of how many values fall outside the baseline, rather than how far all values moved. */
export type RefusingMeasure = 'violations' | 'outliers' | 'outliers_z';

/**
 * A point is far out beyond this many interquartile ranges. Source: J. W. Tukey, Exploratory Data
 * Analysis (1977), section 2D.
 */
const farOut = 3;
/**
 * Largest normal robust z-score. Source: B. Iglewicz and D. C. Hoaglin, How to Detect and Handle
 * Outliers (1993), page 11.
 */
const mostRobustZ = 3.5;

/**
 * The share of values the baseline refuses, minus the share of its own values that it would:
 *
 * - `violations`: wrong type, outside its range, or a category it never had. None of the baseline's
 *   own values are; by chance, one of n + 1 numbers lies beyond the n on either side, and a
 *   category is new as often as one was seen exactly once (I. J. Good, The population frequencies
 *   of species, Biometrika 40 (1953) 237-264).
 * - `outliers`: numbers more than 3 interquartile ranges outside its middle half; `outliers_z`:
 *   more than 3.5 robust standard deviations (scaled median absolute deviations) from its median.
 *
 * The p-value is one-sided: a larger share now than in the baseline. Refused where the measure has
 * no meaning.
 */
export function refusedShare(measure: RefusingMeasure, baseline: Shape, current: Shape): Compared | Refused {
  if (measure === 'violations') return violations(baseline, current);
  if (baseline.kind !== 'numbers' || current.kind !== 'numbers') return refused(`${measure} needs numbers; it has categories`);
  const own = sampleOfSketch(baseline.sketch);
  if (!own.ok) return own;
  const [low, high] = measure === 'outliers' ? fences(own) : robustRange(own);
  const samples = alignedSamples(baseline.sketch, current.sketch, Float64Array.of(low, high).filter(Number.isFinite));
  if (!samples.baseline.ok) return samples.baseline;
  if (!samples.current.ok) return samples.current;
  const beyond = (sample: Sample): Proportion => ({ successes: countOutside(sample, low, high), count: sample.count });
  const name = measure === 'outliers' ? 'outliers by interquartile range' : 'outliers by robust z';
  return shareOf(name, beyond(samples.baseline), beyond(samples.current), originOf(samples.baseline, samples.current));
}

function violations(baseline: Shape, current: Shape): Compared | Refused {
  const others = (shape: Shape): number => shape.others ?? 0;
  const was = baseline.count + others(baseline);
  const is = current.count + others(current);
  const share = (chance: number, bad: number, binning: string): Compared | Refused =>
    shareOf(
      'violations',
      { successes: Math.min(was, chance + others(baseline)), count: was },
      { successes: bad, count: is },
      binning,
    );
  if (baseline.kind !== current.kind) return share(0, current.count, `${baseline.kind} of the baseline`);
  if (baseline.kind === 'numbers' && current.kind === 'numbers') {
    const samples = alignedSamples(baseline.sketch, current.sketch);
    if (!samples.baseline.ok) return samples.baseline;
    if (!samples.current.ok) return samples.current;
    const { values } = samples.baseline;
    const outside = countOutside(samples.current, values[0] as number, values.at(-1) as number);
    return share(2, outside + others(current), originOf(samples.baseline, samples.current));
  }
  if (baseline.kind === 'numbers' || current.kind === 'numbers') return refused('it has values of two kinds');
  if (baseline.categories.rest !== undefined || current.categories.rest !== undefined)
    return refused('it has more categories than are tracked by name');
  const known = new Map(baseline.categories.names);
  const unseen = current.categories.names.reduce((sum, [name, count]) => (known.has(name) ? sum : sum + count), 0);
  const once = baseline.categories.names.filter(([, count]) => count === 1).length;
  return share(once, unseen + others(current), `${known.size} categories of the baseline`);
}

function shareOf(measure: Measure, was: Proportion, is: Proportion, binning: string): Compared | Refused {
  const test = twoProportions(was, is, { side: 'greater' });
  if (!test.ok) return test;
  const drift: DriftValue = {
    ok: true,
    measure,
    value: Math.max(0, test.difference),
    effectUnits: 'share of values beyond that of the baseline',
    pValue: test.pValue,
    test: { method: `two proportions, ${test.method}`, statistic: test.difference },
    binning,
    zero: asTheyAre,
    baselineCount: was.count,
    currentCount: is.count,
  };
  return { ok: true, drift, pValue: test.pValue };
}

const weightAt = ({ counts }: Sample, i: number): number => (counts === undefined ? 1 : (counts[i] as number));

function countOutside(sample: Sample, low: number, high: number): number {
  let outside = 0;
  for (let i = 0; i < sample.values.length; i += 1) {
    const value = sample.values[i] as number;
    if (value < low || value > high) outside += weightAt(sample, i);
  }
  return outside;
}

/** The smallest value with at least this share of all at or below it. */
function quantileOf(values: readonly { value: number; weight: number }[], share: number): number {
  const all = values.reduce((sum, { weight }) => sum + weight, 0);
  let below = 0;
  for (const { value, weight } of values) {
    below += weight;
    if (below >= share * all) return value;
  }
  return values.at(-1)?.value ?? Number.NaN;
}

const weighted = (sample: Sample) => [...sample.values].map((value, i) => ({ value, weight: weightAt(sample, i) }));

function fences(sample: Sample): [low: number, high: number] {
  const values = weighted(sample);
  const [first, third] = [quantileOf(values, 0.25), quantileOf(values, 0.75)];
  // Halves first, so that differences of huge values do not overflow.
  const reach = farOut * 2 * (third / 2 - first / 2);
  return [first - reach, third + reach];
}

function robustRange(sample: Sample): [low: number, high: number] {
  const values = weighted(sample);
  const median = quantileOf(values, 0.5);
  const distances = values.map(({ value, weight }) => ({ value: 2 * Math.abs(value / 2 - median / 2), weight }));
  const deviation = quantileOf(
    distances.sort((a, b) => a.value - b.value),
    0.5,
  );
  const reach = mostRobustZ * 1.482602218505602 * deviation;
  return [median - reach, median + reach];
}
