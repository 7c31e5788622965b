import type { Point } from '../series.ts';
import { isAdditive, type RatioQuery } from '../sources/kinds/samples.ts';
import { growthPoints } from './rate-points.ts';
import type { Bucket } from './summary.ts';
import { mergeBuckets, type Spans, valuePoints } from './windows.ts';

/** One side of a ratio in one span. `amount`: how many it counts, where it counts something. */
type Amount = { value: number; amount: number; refused?: string };

type Sides = {
  /** The buckets of each series of a side. */
  of: readonly (readonly Bucket[])[];
  over: readonly (readonly Bucket[])[];
};

/**
 * The ratio of two metrics in each span.
 *
 * - Where `of` has no samples and `over` has, a sum, count or rate of `of` is 0: what was not sent
 *   did not happen. Any other statistic is refused there.
 * - Where `over` is 0 or has no samples, there is no point if `of` is 0 as well: nothing happened.
 *   Otherwise the point is refused.
 * - As a proportion it rests on the amount of `over`, and more than all of it is refused.
 */
export function ratioPoints(query: RatioQuery, sides: Sides, spans: Spans): Point[] {
  const of = amountsOf(query.of.statistic, sides.of, spans);
  const over = amountsOf(query.over.statistic, sides.over, spans);
  const times = [...new Set([...of.keys(), ...over.keys()])].sort((a, b) => a - b);
  return times.flatMap((at) => ratioAt(at, query, of.get(at), over.get(at)) ?? []);
}

function ratioAt(at: number, query: RatioQuery, of: Amount | undefined, over: Amount | undefined): Point | undefined {
  const refuse = (refused: string): Point => ({ at, value: 0, refused });
  const [above, below] = [query.of.metric, query.over.metric];
  const refused = over?.refused ?? of?.refused;
  if (refused !== undefined) return refuse(refused);
  if (of === undefined && !isAdditive(query.of.statistic))
    return refuse(`not judged: ${above} has no samples in this span, and ${below} has`);
  const part = of?.value ?? 0;
  if (over === undefined || over.value === 0) {
    if (part === 0) return undefined;
    const what = over === undefined ? 'has no samples in this span' : 'is 0';
    return refuse(`not judged: ${below} ${what}, and ${above} is ${part}`);
  }
  const value = part / over.value;
  if (!Number.isFinite(value)) return refuse(`not judged: ${above} over ${below} is too large for a number`);
  if (!query.proportion) return { at, value };
  if (value < 0 || value > 1)
    return refuse(
      `not judged: ${above} is ${part} of ${over.value} of ${below}, so it is no part of it, as \`proportion: true\` says`,
    );
  return { at, value, count: Math.round(over.amount) };
}

function amountsOf(
  statistic: RatioQuery['of']['statistic'],
  series: readonly (readonly Bucket[])[],
  spans: Spans,
): Map<number, Amount> {
  if (statistic === 'rate') return addedRates(series, spans);
  const merged = mergeBuckets(series, 'values');
  const points = valuePoints(merged, statistic === 'count' ? 'sum' : statistic, spans);
  return new Map(
    points.map(({ at, value, count = 0 }) => {
      const counted = statistic === 'count' ? count : value;
      return [at, { value: counted, amount: counted }];
    }),
  );
}

/** Counters are added up by their rates: their readings belong to each alone. */
function addedRates(series: readonly (readonly Bucket[])[], spans: Spans): Map<number, Amount> {
  const sums = new Map<number, Amount>();
  for (const buckets of series) {
    for (const one of growthPoints(buckets, spans)) {
      const before = sums.get(one.at) ?? { value: 0, amount: 0 };
      if ('refused' in one) sums.set(one.at, { ...before, refused: one.refused });
      else sums.set(one.at, { ...before, value: before.value + one.grown / one.seconds, amount: before.amount + one.grown });
    }
  }
  return sums;
}
