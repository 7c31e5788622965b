import type { Strip } from './plot.ts';

/**
 * The row that says when points were in a band: each holds until the next, the last one until `to`.
 * Neighbours in one band are one span.
 */
export function breachStrip(points: readonly { at: number; status: string }[], to: number): Strip {
  const spans: Strip['spans'] = [];
  for (const [place, { at, status }] of points.entries()) {
    if (status !== 'warn' && status !== 'critical') continue;
    const [last, until] = [spans.at(-1), points[place + 1]?.at ?? to];
    if (last?.to === at && last.severity === status) last.to = until;
    else spans.push({ from: at, to: until, severity: status });
  }
  return { name: 'breach', spans, marks: [] };
}
