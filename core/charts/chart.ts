/** What a strip says of a point: shape first, so four of them are enough. */
export const chartVerdicts = ['ok', 'warn', 'critical', 'not judged'] as const;
export type ChartVerdict = (typeof chartVerdicts)[number];

/**
 * One judged point, in units of the metric; times are milliseconds since the epoch. Without a value
 * nothing is known of that time.
 */
export type ChartPoint = {
  at: number;
  verdict: ChartVerdict;
  value?: number | undefined;
  /** Samples behind the value. */
  count?: number | undefined;
  /** Where the true value lies, by chance alone. */
  interval?: { low: number; high: number } | undefined;
  /** It stands for several points: their lowest and highest value. */
  of?: { low: number; high: number } | undefined;
  baseline?: number | undefined;
  /** Where the bands begin. */
  warn?: number | undefined;
  critical?: number | undefined;
  /** Labels are still to come, or it is an estimate. */
  provisional?: 'labels' | 'estimate' | undefined;
  /** What was found at first, if it was judged again. */
  first?: number | undefined;
};

/** What happened at a time. Pages stand below the plot, all others are flags above it. */
export const chartMarkKinds = ['deploy', 'rollback', 'page', 'acknowledged', 'resolved'] as const;
export type ChartMark = { at: number; kind: (typeof chartMarkKinds)[number]; text: string };

/** One metric over time, and how it was judged. */
export type Chart = {
  title: string;
  from: number;
  to: number;
  /** Oldest first. */
  points: readonly ChartPoint[];
  /** Oldest first. */
  marks: readonly ChartMark[];
  /** The baseline is pinned while the alert fires. */
  isPinned: boolean;
};

/** Which side of the bounds is bad. */
export type Side = 'above' | 'below';

/**
 * By the bands themselves; with one band, by where it lies from the baseline, then by what
 * breached.
 */
export function sideOf(points: readonly ChartPoint[]): Side {
  for (const { warn, critical } of points)
    if (warn !== undefined && critical !== undefined && warn !== critical) return critical > warn ? 'above' : 'below';
  for (const { baseline, warn, critical = warn } of points)
    if (baseline !== undefined && critical !== undefined && critical !== baseline) return critical > baseline ? 'above' : 'below';
  for (const { verdict, value, warn, critical = warn } of points)
    if (value !== undefined && critical !== undefined && (verdict === 'warn' || verdict === 'critical'))
      return value >= critical ? 'above' : 'below';
  for (const { verdict, value, warn = undefined, critical = warn } of points)
    if (value !== undefined && critical !== undefined && verdict === 'ok') return value <= critical ? 'above' : 'below';
  return 'above';
}

/** Points further apart than this are not joined: what lies between them is not known. */
export function longestStep(points: readonly Pick<ChartPoint, 'at'>[]): number {
  const steps = points.slice(1).map(({ at }, index) => at - (points[index] as ChartPoint).at);
  const usual = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)];
  return usual === undefined ? 0 : 3 * usual;
}
