import type { Context } from 'hono';
import { historyOf } from '../../app/explain/history.ts';
import { intervalOf } from '../../core/detection/points/interval.ts';
import { asFingerprint, asRuleId } from '../../core/vocabulary/ids.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { parseTimestamp } from '../../core/vocabulary/timestamp.ts';
import type { HttpOptions } from '../options.ts';
import { historyDto } from './dto/history.ts';

export const mostHistoryEntries = 2000;
const usualEntries = 300;
const usualSpan = 86_400_000;

/** `/rules/:rule/history`: what was found of one of its series over time. */
export async function ruleHistory(c: Context, { ports, now }: HttpOptions): Promise<Response> {
  const at = now();
  const asked = spanIn(c, at);
  if ('error' in asked) return c.json(asked, 400);
  const most = Number(c.req.query('limit') ?? usualEntries);
  if (!(Number.isInteger(most) && most >= 2 && most <= mostHistoryEntries))
    return c.json({ error: `expected limit 2 to ${mostHistoryEntries}; received ${shown(c.req.query('limit'))}` }, 400);
  const series = c.req.query('series');
  const fingerprint = series === undefined ? undefined : asFingerprint(series);
  const found = await historyOf(ports, { rule: asRuleId(c.req.param('rule') ?? ''), fingerprint, most, ...asked }, at);
  return 'unknown' in found
    ? c.json({ error: found.unknown }, 404)
    : c.json(historyDto(found, at, intervalOf(ports.config.rules[found.rule])));
}

function spanIn(c: Context, now: number): { from: number; to: number } | { error: string } {
  const timeIn = (name: 'from' | 'to', usual: number): number => {
    const text = c.req.query(name);
    return text === undefined ? usual : (parseTimestamp(text) ?? Number.NaN);
  };
  const to = timeIn('to', now);
  const from = timeIn('from', to - usualSpan);
  if (from < to) return { from, to };
  const got = `from ${shown(c.req.query('from'))} and to ${shown(c.req.query('to'))}`;
  return { error: `expected times such as 2026-01-05T09:00:00Z, from before to; received ${got}` };
}
