/**
 * Samples from Datadog's metric query API, `GET /api/v1/query`.
 *
 * - Rules with the same query and step share one request; few are on their way at a time. One bad
 *   query fails alone.
 * - A point of Datadog is about the interval that begins at its time. The interval has to be the
 *   step of the rule.
 * - Labels are those of the source, then the tags of a series. A series that has ended lately is
 *   answered without points.
 * - What a call may take altogether, and whose turn it is: adapters/asked-in-time.ts.
 * - After 429 nothing is asked until the time that `X-RateLimit-Reset` names.
 *
 * https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-points
 */
import type { Outside } from '../../app/ports/outside.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { Source, SourceRequest, SourceResult } from '../../app/ports/source.ts';
import type { Series } from '../../core/telemetry/series.ts';
import type { DatadogSourceConfig } from '../../core/telemetry/sources/kinds/datadog.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import { type Budget, callsInTurn } from '../asked-in-time.ts';
import { countsBySeries, withCount } from '../counted-points.ts';
import { answerOf, type DatadogAnswer } from './answer.ts';
import { ask, LimitedError, RefusedKeysError } from './ask.ts';

/** One query that requests share; the beginnings of its points are in [from, to), milliseconds. */
type Unit = { query: string; step: number; from: number; to: number };

const atOnce = 4;
/**
 * How long before its span a series is looked for, so that one which has just ended is known to be
 * missing.
 */
const earlierSteps = 5;

export function openSource(
  { secrets }: Pick<Outside, 'secrets'>,
  addressOf = (site: string): string => `https://api.${site}`,
  calls = callsInTurn(),
): Source<'datadog'> {
  /** Until when an account may not be asked, by its keys; milliseconds. */
  const limitedUntil = new Map<string, number>();
  return {
    query: (name, source, requests, now) =>
      calls.call(name, requests, async (ordered, budget) => {
        const units = new Map<string, Unit>();
        const keysOf = ordered.map(({ rule, from, to }) => {
          const asked = rule.query.datadog;
          if (asked === undefined) return undefined;
          const unit = (query: string): string => widen(units, query, rule.step, { from, to: Math.min(to, now - source.lag) });
          return { value: unit(asked.query), count: asked.count === undefined ? undefined : unit(asked.count) };
        });
        const asking = { secrets, address: addressOf(source.site), limitedUntil, now, budget };
        const answers = await answersOf(units, source, asking);
        return ordered.map((request, place) => {
          const keys = keysOf[place];
          if (keys === undefined) {
            const error = `rule ${request.ruleId} has no datadog query; give it \`query: { datadog: ... }\``;
            return { result: { ok: false, error }, keys: [] };
          }
          const { value, count } = keys;
          const counts = count === undefined ? undefined : answers.get(count);
          const result = resultOf(request, answers.get(value), counts, source, now);
          return { result, keys: count === undefined ? [value] : [value, count] };
        });
      }),
  };
}

function widen(units: Map<string, Unit>, query: string, step: number, { from, to }: { from: number; to: number }): string {
  const key = `${step} ${query}`;
  const start = Math.floor(from / step) * step - earlierSteps * step;
  const end = Math.floor(to / step) * step;
  const known = units.get(key);
  units.set(key, { query, step, from: Math.min(known?.from ?? start, start), to: Math.max(known?.to ?? end, end) });
  return key;
}

type Asking = { secrets: Secrets; address: string; limitedUntil: Map<string, number>; now: number; budget: Budget };

async function answersOf(
  units: ReadonlyMap<string, Unit>,
  source: DatadogSourceConfig,
  { secrets, address, limitedUntil, now, budget }: Asking,
): Promise<Map<string, DatadogAnswer>> {
  const answers = new Map<string, DatadogAnswer>();
  const account = `${source.site} ${source.apiKey}`;
  /** Why no other query can be asked now. */
  let stopped: string | undefined = waitText(limitedUntil.get(account), now);
  const waiting = [...units];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [key, { query, step, from, to }] = next;
      if (stopped !== undefined) {
        answers.set(key, { ok: false, error: stopped });
        budget.leave(key);
      } else if (from >= to) answers.set(key, { ok: true, series: [], notes: [] });
      else {
        try {
          const text = await budget.ask(key, (share) => ask(address, { query, from, to }, source, secrets, share));
          answers.set(key, answerOf(text, step));
        } catch (cause) {
          const error = cause instanceof Error ? cause.message : String(cause);
          answers.set(key, { ok: false, error });
          if (cause instanceof LimitedError) limitedUntil.set(account, now + cause.waitMs);
          if (cause instanceof LimitedError || cause instanceof RefusedKeysError) stopped = error;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return answers;
}

const waitText = (until: number | undefined, now: number): string | undefined =>
  until === undefined || until <= now
    ? undefined
    : `Datadog limits how often this account may ask; it is asked again in ${Math.ceil((until - now) / 1000)} s`;

function resultOf(
  { from, to }: SourceRequest,
  answer: DatadogAnswer | undefined,
  counts: DatadogAnswer | undefined,
  source: DatadogSourceConfig,
  now: number,
): SourceResult {
  if (answer === undefined) return { ok: false, error: 'the query was not asked' };
  if (!answer.ok) return answer;
  if (counts?.ok === false) return { ok: false, error: `the count of samples could not be read: ${counts.error}` };
  const countsOf = countsBySeries(counts?.series ?? []);
  const end = Math.min(to, now - source.lag);
  const series = answer.series.map(({ labels, points }): Series => {
    const own = countsOf.get(labelsKey(labels));
    return {
      labels: { ...source.labels, ...labels },
      points: points.filter(({ at }) => at > from && at <= end).map((point) => withCount(point, own?.get(point.at))),
    };
  });
  const notes = [...answer.notes, ...(counts?.notes ?? [])];
  return notes.length === 0 ? { ok: true, series } : { ok: true, series, partial: notes.join('; ').slice(0, 1000) };
}
