/**
 * How much worse a value is than its baseline, as a fraction of it: (baseline - value) / |baseline|
 * for a drop, negated for a rise; kept finite. `sign`: 1 where high is bad.
 */
export function degradationOf(value: number, baseline: number, sign: 1 | -1): number {
  const share = (sign * (value - baseline)) / Math.abs(baseline);
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, share));
}
