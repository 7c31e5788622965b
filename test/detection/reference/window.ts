import type { Rule, StoryPoint } from './story.ts';

/**
 * The points that an evaluation judges, how many are missing beside them, and the span of both: the
 * last N steps, and as far back as real points had to be taken from.
 */
export type Window = { points: StoryPoint[]; missing: number; from: number; to: number };

/** How many steps back points are looked for. */
export const lookback = (n: number): number => n + Math.max(3, Math.ceil(n / 5));

/**
 * M of N looks at the last N points. Real ones beat filled ones: where the last N steps lack some,
 * earlier ones are taken from the lookback, and only what is lacking then is missing. What lies
 * before the series began is not; of an alert that is in a band the series is known to have begun.
 */
export function windowOf({ step, for: { n } }: Rule, known: readonly StoryPoint[], now: number, isInForce: boolean): Window {
  const end = Math.floor(now / step) * step;
  const points = known.filter(({ at }) => at > end - lookback(n) * step && at <= end).slice(-n);
  const from = Math.min(points[0]?.at ?? end, end - (n - 1) * step);
  const sinceBegan = isInForce ? n : (end - (points[0]?.at ?? end)) / step + 1;
  return { points, missing: Math.max(0, Math.min(n, sinceBegan) - points.length), from, to: end };
}
