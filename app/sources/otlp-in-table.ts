import { answerOf, type OtlpQuestion } from '../../core/telemetry/otlp/answer.ts';
import { type Content, mergeContent } from '../../core/telemetry/otlp/content.ts';
import { addedFrom } from '../../core/telemetry/otlp/kept.ts';
import { addSeries, newTelemetry, type SeriesState, type Telemetry } from '../../core/telemetry/otlp/take.ts';
import type { OtlpSourceConfig } from '../../core/telemetry/sources/kinds/otlp.ts';
import type { Ports } from '../ports/ports.ts';
import type { SourceResult } from '../ports/source.ts';
import type { OtlpReceiver, OtlpTable } from '../ports/telemetry.ts';

/** As long as all of a metric that one tick reads may be, so that it ends in its memory. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Answers rules from what functions keep of OTLP metrics. Each metric is read once, however many
 * rules ask for it.
 */
export const otlpFromTable = ({
  table,
  config,
  log,
}: Pick<Ports, 'config' | 'log'> & { table: OtlpTable }): Pick<OtlpReceiver, 'query'> => ({
  async query(source, questions) {
    const own = config.sources[source];
    if (own?.kind !== 'otlp') return questions.map(() => ({ ok: false, error: `no otlp source is called ${source}` }));
    const metrics = new Map<string, Read>();
    for (const [metric, { from, to }] of rangesOf(questions, own)) {
      const read = await readMetric(table, { source, metric }, from, to);
      if ('unread' in read && read.unread > 0)
        log('error', 'buckets of OTLP metrics cannot be read, and are left out', { source, metric, buckets: read.unread });
      metrics.set(metric, read);
    }
    return questions.map((question): SourceResult => {
      const read = metrics.get(question.query.metric);
      if (read === undefined) return { ok: false, error: `${question.query.metric} was not read` };
      if ('error' in read) return { ok: false, error: read.error };
      return answerOf(read.telemetry, bucketsIn, question, own);
    });
  },
});

type Read = { telemetry: Telemetry; unread: number } | { error: string };

/** From the first bucket to the last that some question needs, by metric. */
function rangesOf(questions: readonly OtlpQuestion[], { bucket }: OtlpSourceConfig): Map<string, { from: number; to: number }> {
  const ranges = new Map<string, { from: number; to: number }>();
  for (const { query, from, to, step } of questions) {
    const known = ranges.get(query.metric);
    // A span begins `over` before its end, and a bucket before that.
    const first = from - (query.over ?? step) - bucket;
    ranges.set(query.metric, { from: Math.min(known?.from ?? first, first), to: Math.max(known?.to ?? to, to) });
  }
  return ranges;
}

async function readMetric(table: OtlpTable, of: { source: string; metric: string }, from: number, to: number): Promise<Read> {
  const telemetry = newTelemetry(0);
  let bytes = 0;
  let unread = 0;
  for await (const page of table.buckets(of, from, to)) {
    for (const { start, body } of page) {
      bytes += body.length;
      const added = addedFrom(body);
      if (added === undefined) unread += 1;
      for (const { content, ...series } of added ?? []) addContent(telemetry, { ...series, fresh: new Map() }, start, content);
    }
    if (bytes > mostBytes)
      return {
        error: `${of.metric} takes more than ${mostBytes / 1024 / 1024} MB in the span that is asked: ask a shorter one, give the source longer buckets (\`bucket\`), or send fewer attributes`,
      };
  }
  return { telemetry, unread };
}

function addContent(telemetry: Telemetry, fresh: SeriesState, start: number, content: Content): void {
  const known = telemetry.series.get(fresh.key);
  if (known === undefined) addSeries(telemetry, fresh);
  const series = known ?? fresh;
  const before = series.fresh.get(start);
  series.fresh.set(start, before === undefined ? content : mergeContent(before, content));
}

function* bucketsIn(series: SeriesState, from: number, to: number): Generator<[number, Content]> {
  for (const [start, content] of series.fresh) if (start >= from && start < to) yield [start, content];
}
