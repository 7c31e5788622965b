/**
 * The scoring of the Numenta Anomaly Benchmark, written from its published definition: A. Lavin and
 * S. Ahmad, "Evaluating Real-time Anomaly Detection Algorithms - the Numenta Anomaly Benchmark",
 * IEEE ICMLA 2015 (arXiv 1510.03336), section III, with the details the paper leaves open (which
 * end of a window is position -1, the division by the weight of the first position, the 0.15 of at
 * most 5,000 rows) taken from the behaviour of NAB 1.1.
 */

/** What a detection is worth: `fp` and `fn` are costs, as positive numbers. */
export interface NabProfile {
  tp: number;
  fp: number;
  fn: number;
}

/**
 * Scores of one detector on one series. Windows are index pairs, both ends inside, in time order
 * and disjoint.
 */
export interface ScoredSeries {
  scores: readonly number[];
  windows: readonly (readonly [number, number])[];
}

export interface NabResult {
  /** A point is a detection when its score is at least this. */
  threshold: number;
  /**
   * 0 for a detector that never speaks, 100 for one that finds the first point of every window and
   * nothing else; may be negative.
   */
  score: number;
  found: number;
  windows: number;
  falsePoints: number;
}

/**
 * 2 / (1 + e^(5y)) - 1 where y is -1 at the first point of a window, towards 0 at its last,
 * positive after it; -1 from 3 on.
 */
export function sigmoidWeight(position: number): number {
  return position >= 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

/** The first rows of a series, on which nothing is scored: 15 % of them, at most 750. */
export function probationaryRows(rows: number): number {
  return Math.min(Math.floor(0.15 * rows), 0.15 * 5000);
}

interface Point {
  score: number;
  /** Unique in the corpus, or -1 for a point outside every window. */
  window: number;
  /**
   * What a detection here is worth before the profile's weight: at most 1 in a window, at least -1
   * outside.
   */
  worth: number;
}

function pointsOf(corpus: readonly ScoredSeries[]): { points: Point[]; windows: number } {
  const points: Point[] = [];
  let windows = 0;
  for (const { scores, windows: limits } of corpus) {
    const first = probationaryRows(scores.length);
    const inside = limits.filter(([, right]) => right >= first);
    let next = 0;
    for (let i = 0; i < scores.length; i += 1) {
      while (next < limits.length && i > (limits[next]?.[1] ?? Number.POSITIVE_INFINITY)) next += 1;
      if (i < first) continue;
      const current = limits[next];
      const previous = limits[next - 1];
      const score = scores[i] ?? 0;
      if (current && i >= current[0]) {
        const position = -(current[1] - i + 1) / (current[1] - current[0] + 1);
        points.push({ score, window: windows + inside.indexOf(current), worth: sigmoidWeight(position) / sigmoidWeight(-1) });
      } else {
        const position = previous ? (i - previous[1]) / (previous[1] - previous[0]) : 3;
        points.push({ score, window: -1, worth: sigmoidWeight(position) });
      }
    }
    windows += inside.length;
  }
  return { points, windows };
}

/**
 * Every threshold worth trying, from "detect nothing" (infinity) down, with the score it gives. All
 * points that share a score are detected together. A window is worth its best detected point, which
 * is its earliest; a false detection is charged each time.
 */
function* sweep(corpus: readonly ScoredSeries[], profile: NabProfile): Generator<NabResult> {
  const { points, windows } = pointsOf(corpus);
  const nullScore = -profile.fn * windows;
  const perfect = profile.tp * windows;
  const best = new Array<number>(windows).fill(-profile.fn);
  let [raw, found, falsePoints, threshold] = [nullScore, 0, 0, Number.POSITIVE_INFINITY];
  const result = (): NabResult => ({
    threshold,
    score: perfect === nullScore ? 0 : (100 * (raw - nullScore)) / (perfect - nullScore),
    found,
    windows,
    falsePoints,
  });
  points.sort((a, b) => b.score - a.score);
  for (const { score, window, worth } of points) {
    if (score !== threshold) {
      yield result();
      threshold = score;
    }
    if (window === -1) {
      raw += profile.fp * worth;
      falsePoints += 1;
    } else {
      const before = best[window] ?? 0;
      const after = Math.max(before, profile.tp * worth);
      if (before === -profile.fn) found += 1;
      raw += after - before;
      best[window] = after;
    }
  }
  yield result();
}

/**
 * The best score one threshold for the whole corpus can reach, as NAB's own table is made:
 * optimised for each profile.
 */
export function bestResult(corpus: readonly ScoredSeries[], profile: NabProfile): NabResult {
  return sweep(corpus, profile).reduce((best, result) => (result.score > best.score ? result : best));
}

/** The score with a threshold chosen before, for example on other series. */
export function resultAt(corpus: readonly ScoredSeries[], profile: NabProfile, threshold: number): NabResult {
  let last: NabResult | undefined;
  for (const result of sweep(corpus, profile)) {
    if (result.threshold < threshold) break;
    last = result;
  }
  if (last === undefined) throw new Error(`no result at the threshold ${threshold}`);
  return { ...last, threshold };
}
