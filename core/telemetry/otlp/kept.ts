/** Streams and buckets as text, where each process's are kept by themselves (OtlpTable). */
import * as z from 'zod';
import type { Labels } from '../../vocabulary/schema-parts.ts';
import { type Content, type Form, mergeContent } from './content.ts';
import type { StreamState } from './stream.ts';
import { addSeries, addStream, newTelemetry, type SeriesState, type Telemetry } from './take.ts';

/**
 * Grows with each change that an older Tocsin could not read. What is of another version is read no
 * more.
 */
const version = 1;

type KeptSeries = { key: string; metric: string; unit: string; form: Form; labels: Labels };
type KeptStreams = {
  v: typeof version;
  /** Runs that started before may have been counted by streams that were forgotten. */
  since?: number;
  series: KeptSeries[];
  /** Each with the place of its series in `series`. */
  streams: { key: string; series: number; seenAt: number; state: StreamState }[];
};
type AddedSeries = KeptSeries & { content: Content };
type KeptAdded = { v: typeof version; series: AddedSeries[] };

/** As far as reading them needs; the rest is as it was written. */
const series = z.looseObject({ key: z.string(), metric: z.string(), form: z.string(), labels: z.record(z.string(), z.string()) });
const keptStreams = z.looseObject({
  v: z.literal(version),
  since: z.number().optional(),
  series: z.array(series),
  streams: z.array(
    z.looseObject({ key: z.string(), series: z.int(), seenAt: z.number(), state: z.looseObject({ kind: z.string() }) }),
  ),
});
const keptAdded = z.looseObject({
  v: z.literal(version),
  series: z.array(series.extend({ content: z.looseObject({ form: z.string() }) })),
});

/** The streams of `of`. Undefined if the body cannot be read. */
export function streamsFrom(body: string, of: string, since: number): Telemetry | undefined {
  const telemetry = newTelemetry(since);
  const kept = read<KeptStreams>(body, keptStreams);
  if (kept === undefined) return undefined;
  const all = kept.series.map((one): SeriesState => ({ ...one, fresh: new Map() }));
  for (const one of all) addSeries(telemetry, one);
  for (const { series: place, ...stream } of kept.streams) {
    const own = all[place];
    if (own === undefined) return undefined;
    addStream(telemetry, { ...stream, of, series: own });
  }
  if (kept.since !== undefined) telemetry.sinceOf.set(of, kept.since);
  return telemetry;
}

export function streamsText(telemetry: Telemetry, of: string): string {
  const streams = [...(telemetry.streams.get(of)?.values() ?? [])];
  const places = new Map([...new Set(streams.map((stream) => stream.series))].map((one, place) => [one, place]));
  const since = telemetry.sinceOf.get(of);
  const kept: KeptStreams = {
    v: version,
    ...(since === undefined ? {} : { since }),
    series: [...places.keys()].map(describedSeries),
    streams: streams.map((stream) => ({
      key: stream.key,
      series: places.get(stream.series) as number,
      seenAt: stream.seenAt,
      state: stream.state,
    })),
  };
  return JSON.stringify(kept);
}

/** What streams add to buckets, by the start of each. */
export type Added = Map<number, Map<string, AddedSeries>>;

/** What was taken since the streams were read. */
export function freshOf({ changedSeries }: Telemetry): Added {
  const added: Added = new Map();
  for (const one of changedSeries) {
    for (const [start, content] of one.fresh) {
      const at = added.get(start) ?? new Map<string, AddedSeries>();
      added.set(start, at.set(one.key, { ...describedSeries(one), content }));
    }
  }
  return added;
}

/** Both together, as text; what is there and cannot be read is left out. */
export function addedText(before: string | undefined, fresh: ReadonlyMap<string, AddedSeries>): string {
  const all = new Map(fresh);
  for (const one of (before === undefined ? undefined : addedFrom(before)) ?? []) {
    const own = all.get(one.key);
    all.set(one.key, own === undefined ? one : { ...own, content: mergeContent(one.content, own.content) });
  }
  const kept: KeptAdded = { v: version, series: [...all.values()] };
  return JSON.stringify(kept);
}

/** What one process added to a bucket. Undefined if it cannot be read. */
export const addedFrom = (body: string): AddedSeries[] | undefined => read<KeptAdded>(body, keptAdded)?.series;

const describedSeries = ({ key, metric, unit, form, labels }: SeriesState): KeptSeries => ({ key, metric, unit, form, labels });

function read<T>(body: string, schema: z.ZodType): T | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return schema.safeParse(value).success ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}
