import type { Context } from 'hono';
import { latestIncident } from '../../app/latest-incident.ts';
import { type ChartRange, type ChartRequest, chartRanges, incidentChart } from '../../app/query/incident-chart.ts';
import { asFingerprint, asIncidentId } from '../../core/vocabulary/ids.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { parseTimestamp } from '../../core/vocabulary/timestamp.ts';
import type { HttpOptions } from '../options.ts';
import { chartDto } from './dto/chart.ts';

/** `/incidents/:id/chart`: the metric of one of its alerts over time. */
export async function showIncidentChart(c: Context, { ports, now }: HttpOptions): Promise<Response> {
  const at = now();
  const request = chartAsked(c);
  if ('error' in request) return c.json(request, 400);
  const id = c.req.param('id') ?? '';
  const incident = await latestIncident(ports, asIncidentId(id));
  if (incident === undefined) return c.json({ error: `there is no incident ${id}` }, 404);
  const chart = await incidentChart(ports, incident, await ports.store.timeline(incident.id), at, request);
  if (chart !== undefined) return c.json(chartDto(chart, at));
  const series = request.series;
  const what = series === undefined ? 'judged yet, or what another system judges' : `kept of the series ${shown(series)}`;
  return c.json({ error: `there is no chart of ${id}: nothing is ${what}` }, 404);
}

/** What part of which series a chart shows, from the query. */
export function chartAsked(c: Context): ChartRequest | { error: string } {
  const asked = spanIn(c);
  const series = c.req.query('series');
  return 'error' in asked || series === undefined ? asked : { ...asked, series: asFingerprint(series) };
}

type Asked = { range?: ChartRange; span?: { from: number; to: number } };

/** `range` is relative to the end of the incident, `from` and `to` are absolute, for links. */
function spanIn(c: Context): Asked | { error: string } {
  const { range, from, to } = c.req.query();
  if (from === undefined && to === undefined) {
    if (range === undefined) return {};
    if (Object.hasOwn(chartRanges, range)) return { range: range as ChartRange };
    return { error: `expected range ${Object.keys(chartRanges).join(', ')}; received ${shown(range)}` };
  }
  const span = { from: parseTimestamp(from ?? '') ?? Number.NaN, to: parseTimestamp(to ?? '') ?? Number.NaN };
  if (span.from < span.to) return { span };
  return {
    error: `expected times such as 2026-01-05T09:00:00Z, from before to; received from ${shown(from)} and to ${shown(to)}`,
  };
}
