/**
 * Samples from the HTTP API of Prometheus, which Thanos, Mimir, VictoriaMetrics and Amazon Managed
 * Prometheus serve too: one `query_range` a query.
 *
 * - Rules with the same query and step share one request; a few requests are on their way at a
 *   time. One bad query fails alone, with the server's own words.
 * - A point at T is the value of the query at T, for T a multiple of the rule's step. A value that
 *   is NaN or infinite has no point, and `partial` says so, as it says warnings of the server.
 * - Labels are those of the source, then those of the series, without `__name__`. A series that has
 *   ended lately is answered without points.
 * - An answer is read as it arrives, up to 32 MB and 100,000 series.
 * - What a call may take altogether, and whose turn it is: adapters/asked-in-time.ts.
 * - Rights: `aps:QueryMetrics` on the workspace, for Amazon Managed Prometheus.
 *
 * https://prometheus.io/docs/prometheus/latest/querying/api/
 */
import type { Outside } from '../../app/ports/outside.ts';
import type { Source, SourceRequest, SourceResult } from '../../app/ports/source.ts';
import type { Series } from '../../core/telemetry/series.ts';
import { labelsKey } from '../../core/vocabulary/labels-key.ts';
import { callsInTurn, type Told } from '../asked-in-time.ts';
import { countsBySeries, withCount } from '../counted-points.ts';
import { type Access, accesses } from './access.ts';
import { askAll, type UnitAnswer } from './ask.ts';
import { sharedUnits, spanOf, type Unit } from './plan.ts';

type Planned = { unit: Unit; count?: Unit | undefined; from: number; to: number } | { error: string };

export function openSource({ secrets }: Pick<Outside, 'secrets'>, calls = callsInTurn()): Source<'prometheus'> {
  const accessOf = accesses(secrets);
  return {
    query: (name, source, requests, now) =>
      calls.call(name, requests, async (ordered, budget) => {
        const units = sharedUnits();
        const planned = ordered.map((request): Planned => {
          const { query } = request.rule;
          if (query.prometheus === undefined)
            return { error: `rule ${request.ruleId} has no prometheus query; give it \`query: { prometheus: ... }\`` };
          const { step } = request.rule;
          const span = spanOf(request, source.lag, now);
          const { count } = query.prometheus;
          return {
            unit: units.of(query.prometheus.query, step, span),
            count: count === undefined ? undefined : units.of(count, step, span),
            from: request.from,
            to: Math.min(request.to, now - source.lag),
          };
        });
        let access: Access;
        try {
          access = await accessOf(name, source);
        } catch (cause) {
          const error = cause instanceof Error ? cause.message : String(cause);
          return ordered.map((): Told => ({ result: { ok: false, error }, keys: [] }));
        }
        const asked = units.all().filter(({ start, end }) => start <= end);
        const answers = await askAll(source, access, asked, budget);
        return ordered.map((request, place): Told => {
          const result = resultOf(request, planned[place], source.labels, answers);
          return { result, keys: keysOf(planned[place]) };
        });
      }),
  };
}

const keysOf = (planned: Planned | undefined): string[] =>
  planned === undefined || 'error' in planned
    ? []
    : [planned.unit, planned.count].flatMap((unit) => (unit === undefined ? [] : [unit.key]));

const nothing: UnitAnswer = { ok: true, series: [], notes: [] };

function resultOf(
  { ruleId }: SourceRequest,
  planned: Planned | undefined,
  ownLabels: Series['labels'],
  answers: ReadonlyMap<Unit, UnitAnswer>,
): SourceResult {
  if (planned === undefined || 'error' in planned)
    return { ok: false, error: planned?.error ?? `rule ${ruleId} was not planned` };
  const { unit, count, from, to } = planned;
  const answer = answers.get(unit) ?? nothing;
  if (!answer.ok) return answer;
  const counts = count === undefined ? nothing : (answers.get(count) ?? nothing);
  if (!counts.ok) return { ok: false, error: `the count of samples could not be read: ${counts.error}` };
  const countsOf = countsBySeries(counts.series);
  const isWithin = (at: number): boolean => at > from && at <= to;
  let counted = 0;
  let dropped = 0;
  const series = answer.series.map(({ labels, points, dropped: at }): Series => {
    const counts = countsOf.get(count === undefined ? '' : labelsKey(labels));
    if (counts !== undefined) counted += 1;
    const own = points.filter(({ at }) => isWithin(at));
    dropped += at.filter(isWithin).length;
    return {
      labels: { ...ownLabels, ...labels },
      points: counts === undefined ? own : own.map((point) => withCount(point, counts.get(point.at))),
    };
  });
  const notes = [...answer.notes, ...counts.notes];
  if (dropped > 0) notes.push(`${dropped} value${dropped === 1 ? ' that is' : 's that are'} not a finite number dropped`);
  if (count !== undefined && series.length > 0 && counted === 0 && counts.series.length > 0)
    notes.push('no series of `count` has the labels of a value; write both with the same `by (...)`');
  return notes.length === 0 ? { ok: true, series } : { ok: true, series, partial: notes.join('; ').slice(0, 1000) };
}
