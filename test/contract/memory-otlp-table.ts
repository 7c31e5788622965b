import type { KeptBucket, OtlpTable, StreamsKey } from '../../app/ports/telemetry.ts';

/** In memory, by the same contract as the table of a deployment. */
export function memoryOtlpTable(): OtlpTable {
  const since = new Map<string, number>();
  const streams = new Map<string, { version: number; body: string }>();
  const buckets = new Map<string, Map<string, KeptBucket>>();
  const text = ({ source, metric, of }: StreamsKey): string => JSON.stringify([source, metric, of]);
  const metricOf = ({ source, metric }: Pick<StreamsKey, 'source' | 'metric'>): string => JSON.stringify([source, metric]);
  return {
    async since(source, now) {
      const known = since.get(source) ?? now;
      since.set(source, known);
      return known;
    },
    streams: async (key) => streams.get(text(key)),
    added: async (key, starts) =>
      starts.flatMap((start) => buckets.get(metricOf(key))?.get(JSON.stringify([start, key.of])) ?? []),
    async write(key, { version, body, buckets: added }) {
      if (body.length > 10_000_000) return 'too large';
      if ((streams.get(text(key))?.version ?? 0) !== version) return 'conflict';
      streams.set(text(key), { version: version + 1, body });
      const all = buckets.get(metricOf(key)) ?? new Map<string, KeptBucket>();
      buckets.set(metricOf(key), all);
      for (const { start, body: own } of added) all.set(JSON.stringify([start, key.of]), { start, body: own });
      return 'written';
    },
    async *buckets(of, from, to) {
      const all = [...(buckets.get(metricOf(of))?.values() ?? [])];
      yield all.filter(({ start }) => start >= from && start < to);
    },
  };
}
