import { normalQuantile } from '../../statistics/normal.ts';

/**
 * When a rule begins to breach: M of the last N points, each overlapping those nearer than `spans`
 * points.
 */
export type Timing = { spans: number; m: number; n: number };

/** Larger M of N count as 1/1, which begins more often, so the answer is an upper bound. */
const mostPoints = 60;

/**
 * The chance, at any point, that M of the last N breach there but not one point earlier, if each
 * point breaches with chance `tail` and nothing changes: the rate of alerts by chance, per point.
 *
 * Non-overlapping points are independent, and the answer is exact. Overlapping ones are modelled as
 * a stationary normal AR(1) sequence with neighbour correlation 1 - 1 / spans, as for moving
 * averages of equal parts: the chance of a path over N points, integrated on a grid. At longer
 * distances a moving average is slightly less correlated.
 */
export function onsetChance(tail: number, { spans, m, n }: Timing): number {
  if (!(tail > 0 && tail < 1)) return 0;
  if (n > mostPoints) return onsetChance(tail, { spans, m: 1, n: 1 });
  if (spans <= 1) return tail * (1 - tail) * choose(n - 1, m - 1) * tail ** (m - 1) * (1 - tail) ** (n - m);
  return pathChance(-normalQuantile(tail), 1 - 1 / spans, m, n);
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i += 1) ways *= (n - k + i) / i;
  return ways;
}

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/**
 * The point N back does not breach, M - 1 in between do, and the latest does. Values are grid cells
 * with an edge at the bound. Values too far below to come up within N points are dropped.
 */
function pathChance(bound: number, correlation: number, m: number, n: number): number {
  const step = Math.sqrt(1 - correlation * correlation);
  const width = Math.min(0.15, step / 3);
  const below = Math.ceil(Math.min(8 + Math.max(0, bound), 6.5 * step * Math.sqrt(n) + 0.5) / width);
  const above = Math.ceil(Math.max(3, 8 - bound) / width);
  const cells = Float64Array.from({ length: below + above }, (_, i) => bound + (i - below + 0.5) * width);
  const move = mover(cells, correlation, step, width);
  // Mass by cell, per number of breaching points so far.
  let paths = [cells.map((x, i) => (i < below ? density(x) * width : 0))];
  for (let point = 1; point <= n; point += 1) {
    const next = Array.from({ length: Math.min(m, point) + 1 }, () => new Float64Array(cells.length));
    for (const [breached, mass] of paths.entries()) {
      const moved = move(mass);
      const [quiet, loud] = [next[breached], next[breached + 1]] as [Float64Array, Float64Array | undefined];
      for (let i = 0; i < below; i += 1) quiet[i] = (quiet[i] as number) + (moved[i] as number);
      if (loud !== undefined) for (let i = below; i < cells.length; i += 1) loud[i] = (loud[i] as number) + (moved[i] as number);
    }
    if (point === n) return (next[m] as Float64Array).subarray(below).reduce((sum, mass) => sum + mass, 0);
    paths = next.slice(0, m);
  }
  return 0;
}

/** Moves the mass one point ahead: correlation times the old value, plus a normal step. */
function mover(cells: Float64Array, correlation: number, step: number, width: number): (mass: Float64Array) => Float64Array {
  const reach = Math.ceil((6.5 * step) / width);
  const [first = 0] = cells;
  const spread = [...cells].map((from) => {
    const middle = Math.round((correlation * from - first) / width);
    const start = Math.max(0, middle - reach);
    const end = Math.min(cells.length, middle + reach + 1);
    const shares = Float64Array.from(
      { length: Math.max(0, end - start) },
      (_, i) => (density(((cells[start + i] as number) - correlation * from) / step) * width) / step,
    );
    return { start, shares };
  });
  return (mass) => {
    const moved = new Float64Array(cells.length);
    for (const [i, { start, shares }] of spread.entries()) {
      const own = mass[i] as number;
      if (own === 0) continue;
      for (let k = 0; k < shares.length; k += 1) moved[start + k] = (moved[start + k] as number) + own * (shares[k] as number);
    }
    return moved;
  };
}
