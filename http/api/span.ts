import type { Context } from 'hono';
import { shown } from '../../core/vocabulary/shown.ts';
import { parseTimestamp } from '../../core/vocabulary/timestamp.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';

export type Span = { from: number; to: number };

/**
 * `from` and `to` of a request. Without them: `usual`, or as much before `to`. `mostMs`: the
 * longest span that is answered.
 */
export function spanIn(c: Context, usual: Span, mostMs?: number): Span | { error: string } {
  const timeIn = (name: 'from' | 'to', otherwise: number): number => {
    const text = c.req.query(name);
    return text === undefined ? otherwise : (parseTimestamp(text) ?? Number.NaN);
  };
  const length = usual.to - usual.from;
  const asksFrom = c.req.query('from') !== undefined;
  const to = timeIn('to', asksFrom ? timeIn('from', usual.from) + length : usual.to);
  const from = timeIn('from', to - length);
  const got = `from ${shown(c.req.query('from'))} and to ${shown(c.req.query('to'))}`;
  if (!(from < to)) return { error: `expected times such as 2026-01-05T09:00:00Z, from before to; received ${got}` };
  if (mostMs !== undefined && to - from > mostMs)
    return { error: `expected a span of up to ${formatDuration(mostMs)}; received ${got}` };
  return { from, to };
}
