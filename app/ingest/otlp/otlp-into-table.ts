import { askedMetrics } from '../../../core/config/asked-metrics.ts';
import { addedText, freshOf, streamsFrom, streamsText } from '../../../core/telemetry/otlp/kept.ts';
import { type MetricsRequest, OtlpError } from '../../../core/telemetry/otlp/message.ts';
import { refusedPoints, refusedText } from '../../../core/telemetry/otlp/refused-text.ts';
import { type MetricPart, split } from '../../../core/telemetry/otlp/split.ts';
import { forgetSilent, newTelemetry, type Took, take } from '../../../core/telemetry/otlp/take.ts';
import type { OtlpSourceConfig } from '../../../core/telemetry/sources/kinds/otlp.ts';
import { inParallel } from '../../in-parallel.ts';
import type { Ports } from '../../ports/ports.ts';
import { mostBucketsAtOnce, type OtlpBody, type OtlpOutcome, type OtlpReceiver, type OtlpTable } from '../../ports/telemetry.ts';

/** How often a part is taken again because another request of the same process was quicker. */
const mostTries = 6;
/** Streams of one metric of one process: they are one record. */
const mostStreams = 1000;
/**
 * A stream that is silent for so long is forgotten, so that the record of a process does not grow
 * without end.
 */
const silentMs = 86_400_000;
const busySeconds = 2;

type Options = Pick<Ports, 'config' | 'log'> & {
  table: OtlpTable;
  /** Throws OtlpError. */
  decoded: (body: OtlpBody) => MetricsRequest;
  now: () => number;
};

/**
 * Takes OTLP where functions come and go: what is known of the streams of a process is read, added
 * to, and written with what it adds to buckets. Only metrics that a rule asks for are kept: each
 * costs a write.
 */
export function otlpIntoTable({ table, config, log, decoded, now }: Options): Pick<OtlpReceiver, 'take'> {
  const since = new Map<string, number>();
  const told = new Set<string>();

  async function sinceOf(source: string, at: number): Promise<number> {
    const known = since.get(source) ?? (await table.since(source, at));
    since.set(source, known);
    return known;
  }

  return {
    async take(body) {
      const own = config.sources[body.source];
      if (own?.kind !== 'otlp') return { kind: 'refused', why: 'body', message: `no otlp source is called ${body.source}` };
      let request: MetricsRequest;
      try {
        request = decoded(body);
      } catch (error) {
        if (!(error instanceof OtlpError)) throw error;
        return { kind: 'refused', why: error.kind, message: error.message };
      }
      const at = now();
      const { parts, others } = split(request, askedMetrics(config, body.source));
      if (others > 0 && !told.has(body.source)) {
        told.add(body.source);
        log('info', 'OTLP metrics that no rule asks for are not kept', { source: body.source, points: others });
      }
      const known = Math.max(await sinceOf(body.source, at), at - own.retain);
      const options = { source: body.source, config: own, since: known, now: at, maxFuture: config.settings.maxFuture };
      const took: (Took | undefined)[] = [];
      await inParallel(parts, async (part) => void took.push(await takePart(table, part, options)));
      return outcomeOf(took);
    },
  };
}

type PartOptions = { source: string; config: OtlpSourceConfig; since: number; now: number; maxFuture: number };

/** Undefined: others were quicker each time. */
async function takePart(
  table: OtlpTable,
  { metric, of, request }: MetricPart,
  { source, config, since, now, maxFuture }: PartOptions,
): Promise<Took | undefined> {
  const key = { source, metric, of };
  for (let tries = 0; tries < mostTries; tries += 1) {
    const kept = await table.streams(key);
    // What cannot be read is begun anew: runs from before count from their first point on.
    const telemetry = kept === undefined ? newTelemetry(since) : (streamsFrom(kept.body, of, since) ?? newTelemetry(now));
    forgetSilent(telemetry, now - silentMs, Number.POSITIVE_INFINITY);
    const limits = { maxStreams: Math.min(config.maxStreams, mostStreams), maxSeries: Math.min(config.maxSeries, mostStreams) };
    const took = take(telemetry, request, { ...config, ...limits, now, maxFuture });
    if (telemetry.changedStreams.size === 0) return took;
    const fresh = freshOf(telemetry);
    // Before so many are read.
    if (fresh.size > mostBucketsAtOnce) return allRefused(took, tooMuch(metric));
    const before = new Map((await table.added(key, [...fresh.keys()])).map(({ start, body }) => [start, body]));
    const outcome = await table.write(key, {
      version: kept?.version ?? 0,
      body: streamsText(telemetry, of),
      keepUntil: now + config.retain,
      buckets: [...fresh].map(([start, added]) => ({
        start,
        body: addedText(before.get(start), added),
        keepUntil: start + config.bucket + config.retain,
      })),
    });
    switch (outcome) {
      case 'written':
        return took;
      case 'conflict':
        break;
      case 'too large':
        return allRefused(took, tooMuch(metric));
      default:
        outcome satisfies never;
    }
  }
  return undefined;
}

const tooMuch = (metric: string): string =>
  `${metric} of one process is too much at once: send fewer sets of attributes, or points of a shorter time in a request`;

const allRefused = ({ points }: Took, why: string): Took => ({ points, repeated: 0, refused: new Map([[why, points]]) });

function outcomeOf(parts: readonly (Took | undefined)[]): OtlpOutcome {
  const all: Took = { points: 0, repeated: 0, refused: new Map() };
  for (const part of parts) {
    // What the other parts took is there; sent again, it counts once.
    if (part === undefined)
      return {
        ...{ kind: 'later', why: 'busy', seconds: busySeconds },
        message: 'others send points of the same process at the same time; send it again',
      };
    for (const [why, count] of part.refused) all.refused.set(why, (all.refused.get(why) ?? 0) + count);
  }
  return { kind: 'taken', rejected: refusedPoints(all), message: refusedText(all) };
}
