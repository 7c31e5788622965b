import { normalQuantile } from './normal.ts';

/** A closed interval of a ratio, within [0, 1]. */
export type Interval = { low: number; high: number };

/** The two-sided z for a confidence: 0.95 gives 1.96. */
export function zOf(confidence: number): number {
  return normalQuantile(1 - (1 - confidence) / 2);
}

/** Rounded sums may put a ratio slightly outside [0, 1]; accept that much. */
const ratioSlack = 1e-9;

export function isRatio(value: number): boolean {
  return value >= -ratioSlack && value <= 1 + ratioSlack;
}

/**
 * The Wilson score interval of a ratio observed on `count` samples; [0, 1] if count is below 1.
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA
 * 22 (1927) 209-212.
 */
export function wilsonInterval(ratio: number, count: number, z: number): Interval {
  if (!(count >= 1)) return { low: 0, high: 1 };
  const p = Math.min(1, Math.max(0, ratio));
  const zz = (z * z) / count;
  const centre = (p + zz / 2) / (1 + zz);
  const half = (z * Math.sqrt((p * (1 - p)) / count + zz / (4 * count))) / (1 + zz);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}
