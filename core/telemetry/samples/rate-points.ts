import type { Point } from '../series.ts';
import { growth, mostReadings } from './counter-readings.ts';
import { add, movingFold } from './moving-fold.ts';
import type { Bucket, ValueSummary } from './summary.ts';
import { readingsOf } from './value-detail.ts';
import { eachSpan, type Spans } from './windows.ts';

const notKept =
  'not judged: some readings of this span came before a rule asked for the rate of the counter; it is known once they are out of it';
const tooMany = `not judged: a bucket of this span has more than ${mostReadings} readings of the counter, even without those inside a rise; give each counter labels of its own, or shorten \`bucket\` of the source`;

/** How much a counter grew in a span, and in how many seconds. */
export type Growth =
  | { at: number; grown: number; seconds: number; count: number }
  | { at: number; count: number; refused: string };

/**
 * How much a counter grew by the readings of each span; `count` is their number. The first one is
 * compared with the reading before the span, if that is at most one `over` before its beginning;
 * an older one tells nothing about this span. `seconds` lie between the first and the last reading
 * that were compared, so that a late start or a gap at an end makes a rate neither larger nor
 * smaller. A span with nothing to compare has no point. Buckets from one `over` before the first
 * span on are needed.
 */
export function growthPoints(buckets: readonly Bucket[], spans: Spans): Growth[] {
  const times: number[] = [];
  const grown: number[] = [];
  /** The first reading of each bucket. */
  const starts: number[] = [];
  const why: (string | undefined)[] = [];
  let before: number | undefined;
  for (const { summary } of buckets) {
    const readings = readingsOf(summary as ValueSummary);
    starts.push(times.length);
    why.push(readings === undefined ? notKept : readings.length === 0 ? tooMany : undefined);
    for (let i = 0; i < (readings?.length ?? 0); i += 2) {
      const value = readings?.[i + 1] as number;
      times.push(readings?.[i] as number);
      grown.push(before === undefined ? 0 : growth(before, value));
      before = value;
    }
  }
  starts.push(times.length);
  const counts = movingFold(buckets.length, (i) => (buckets[i] as Bucket).summary.count, add);
  const faulty = movingFold(why.length, (i) => (why[i] === undefined ? Number.POSITIVE_INFINITY : i), Math.min);
  const sum = movingFold(grown.length, (i) => grown[i] as number, add);
  const points: Growth[] = [];
  eachSpan(buckets, spans, (at, lo, hi) => {
    if (lo === hi) return;
    const [first, end] = [starts[lo] as number, starts[hi] as number];
    const earlier = first > 0 && (times[first - 1] as number) >= at - 2 * spans.over;
    const from = earlier ? first : first + 1;
    // Called for every span: a moving fold may only advance.
    const total = from < end ? sum(from, end) : 0;
    const count = counts(lo, hi);
    const refused = why[faulty(lo, hi)];
    if (refused !== undefined) {
      points.push({ at, count, refused });
      return;
    }
    const seconds = from < end ? ((times[end - 1] as number) - (times[from - 1] as number)) / 1000 : 0;
    if (seconds > 0) points.push({ at, grown: total, seconds, count });
  });
  return points;
}

/** The growth of a counter a second. */
export const ratePoints = (buckets: readonly Bucket[], spans: Spans): Point[] =>
  growthPoints(buckets, spans).map((one) =>
    'refused' in one
      ? { at: one.at, value: 0, count: one.count, refused: one.refused }
      : { at: one.at, value: one.grown / one.seconds, count: one.count },
  );
