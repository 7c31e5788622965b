import * as z from 'zod';
import type { Point, Series } from '../../core/telemetry/series.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import { formatDuration } from '../../core/vocabulary/units.ts';

/** What `GET /api/v1/query` answers, as far as it is used. Unknown fields are ignored. */
const series = z.object({
  metric: z.string().optional(),
  scope: z.string().optional(),
  tag_set: z.array(z.string()).optional(),
  /** Seconds. */
  interval: z.number().optional(),
  /** Beginning of the interval in milliseconds, and the value. */
  pointlist: z.array(z.tuple([z.number(), z.number().nullable()])),
});
const answer = z.object({
  status: z.string().optional(),
  error: z.string().optional(),
  message: z.string().optional(),
  series: z.array(series).optional(),
});

export type DatadogAnswer = { ok: true; series: Series[]; notes: string[] } | { ok: false; error: string };

/** The series of an answer. A point is about [time, time + step), so it lies at the end of that. */
export function answerOf(text: string, step: number): DatadogAnswer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { ok: false, error: `the answer is not JSON (${text.length} characters)` };
  }
  const read = answer.safeParse(parsed);
  if (!read.success)
    return { ok: false, error: `the answer is not that of the metric query API: ${read.error.issues[0]?.path.join('.')}` };
  const { status, error, message, series: all = [] } = read.data;
  if (status === 'error') return { ok: false, error: `Datadog refused the query: ${said(error ?? message)}` };
  const found = new Map<string, Series>();
  let apart = 0;
  for (const { metric = '', scope, tag_set: tags, interval, pointlist } of all) {
    if (interval !== undefined && interval * 1000 !== step && pointlist.length > 1)
      return {
        ok: false,
        error: `Datadog answers points of ${formatDuration(interval * 1000)}, and the step is ${formatDuration(step)}; end the query with .rollup(avg, ${step / 1000}), or another method`,
      };
    const labels = labelsOf(tags !== undefined && tags.length > 0 ? tags : (scope ?? '').split(','));
    const key = labelsKey(labels);
    if (found.has(key))
      return {
        ok: false,
        error: `several series have the tags ${key.slice(0, 200)}, such as that of ${metric}; ask for one metric in a rule`,
      };
    const points: Point[] = [];
    for (const [at, value] of pointlist) {
      if (value === null || !Number.isFinite(value)) continue;
      if (at % step === 0) points.push({ at: at + step, value });
      else apart += 1;
    }
    found.set(key, { labels, points });
  }
  const notes = [error, message].filter((one) => one !== undefined && one !== '').map((one) => said(one));
  if (apart > 0) notes.push(`${apart} points do not begin at a multiple of the step ${formatDuration(step)}, and were dropped`);
  return { ok: true, series: [...found.values()], notes };
}

/**
 * `host:a,env:prod`; a tag without a value is a label with an empty one, and two values of a tag
 * are joined.
 */
function labelsOf(tags: readonly string[]): Series['labels'] {
  const values = new Map<string, string[]>();
  for (const tag of tags.map((one) => one.trim())) {
    if (tag === '' || tag === '*') continue;
    const colon = tag.indexOf(':');
    const name = colon < 0 ? tag : tag.slice(0, colon);
    values.set(name, [...(values.get(name) ?? []), colon < 0 ? '' : tag.slice(colon + 1)]);
  }
  return Object.fromEntries([...values].map(([name, of]) => [name, of.sort().join(',')]));
}

export const said = (text: string | undefined): string =>
  text === undefined || text === '' ? 'without a reason' : text.slice(0, 500);
