/** A unit that a name ends with in Prometheus, and that OpenTelemetry writes in its own way. */
export type MetricUnit = 'seconds' | 'bytes';

/**
 * A metric that Tocsin shows about itself or about what it judges, as it is now. The same families
 * are written as text for Prometheus and as OTLP. A `counter` grows from the start of the process.
 */
export type MetricFamily = {
  /** Without unit and without `_total`: `tocsin_tick_duration`. */
  name: string;
  kind: 'gauge' | 'counter';
  unit?: MetricUnit;
  /** One sentence. */
  help: string;
  points: MetricPoint[];
};

export type MetricPoint = { labels: Readonly<Record<string, string>>; value: number };

/** A gauge of one value. Nothing if the value is not known. */
export const gauge = (name: string, help: string, value: number | undefined, unit?: MetricUnit): MetricFamily[] =>
  value === undefined ? [] : [{ name, kind: 'gauge', help, ...(unit && { unit }), points: [{ labels: {}, value }] }];

/** A gauge of a value for each of some things. Nothing if there is none of them. */
export const gauges = (name: string, help: string, points: MetricPoint[], unit?: MetricUnit): MetricFamily[] =>
  points.length === 0 ? [] : [{ name, kind: 'gauge', help, ...(unit && { unit }), points }];

/** How many things have equal labels. */
export function countedBy<T>(things: readonly T[], labelsOf: (thing: T) => Record<string, string>): MetricPoint[] {
  const counts = new Map<string, MetricPoint>();
  for (const thing of things) {
    const labels = labelsOf(thing);
    const key = JSON.stringify(labels);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { labels, value: 1 });
    else known.value += 1;
  }
  return [...counts.values()];
}
