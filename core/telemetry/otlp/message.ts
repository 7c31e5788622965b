/**
 * An OTLP metrics request as both decoders give it. Source of all names: opentelemetry-proto 1.11,
 * metrics/v1/metrics.proto. Times are milliseconds since the epoch, exact to a quarter of a
 * microsecond; 0 is "not said".
 */
import type { TraceExample } from '../trace-example.ts';

/** Name, value, name, value ... A value begins with a letter for its type, so that "1" is not 1. */
export type Attributes = string[];

/**
 * `noValue`: the sender says that there is no value any more. `examples`: exemplars that name a
 * trace.
 */
export type Point<V> = {
  attributes: Attributes;
  start: number;
  time: number;
  noValue: boolean;
  value: V;
  examples?: TraceExample[];
};

/** Sizes of what was measured; a sum is left out where there may be negative values. */
export type Measured = {
  count: number;
  sum?: number | undefined;
  min?: number | undefined;
  max?: number | undefined;
};

/** One count more than bounds: the last one is for what is above all bounds. */
export type ExplicitValue = Measured & { bounds: number[]; counts: number[] };
/** Counts of buckets from `offset` on. */
export type Side = { offset: number; counts: number[] };
export type ExponentialValue = Measured & {
  scale: number;
  zeroCount: number;
  zeroThreshold: number;
  positive: Side;
  negative: Side;
};

export type Temporality = 'unsaid' | 'delta' | 'cumulative';

export type MetricData =
  | { kind: 'gauge'; points: Point<number>[] }
  | { kind: 'sum'; temporality: Temporality; monotonic: boolean; points: Point<number>[] }
  | { kind: 'histogram'; temporality: Temporality; points: Point<ExplicitValue>[] }
  | { kind: 'exponential histogram'; temporality: Temporality; points: Point<ExponentialValue>[] }
  | { kind: 'summary'; points: Point<Measured>[] };

export type Scope = { name: string; version: string; attributes: Attributes };

/** `data` is undefined for a metric without any, or of a kind unknown here. */
export type Metric = { name: string; unit: string; data: MetricData | undefined };

export type ScopeMetrics = { scope: Scope; metrics: Metric[] };
export type ResourceMetrics = { resource: Attributes; scopes: ScopeMetrics[] };
export type MetricsRequest = ResourceMetrics[];

export const temporalities: readonly Temporality[] = ['unsaid', 'delta', 'cumulative'];

/** Why a body is no OTLP request (`body`), or one that is too large (`size`). */
export class OtlpError extends Error {
  override name = 'OtlpError';
  kind: 'body' | 'size';
  constructor(kind: OtlpError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Points, attributes and other parts of one request. An empty part takes two bytes of a body and a
 * hundred of memory, so that the length of a body alone bounds nothing.
 */
export const mostParts = 1_000_000;
/**
 * Values in values: attributes that are lists or maps. What is deeper is left out: each level
 * doubles what is escaped.
 */
export const deepest = 4;

/** Counts the parts of a request. */
export class Parts {
  #left = mostParts;
  take(): void {
    this.#left -= 1;
    if (this.#left < 0)
      throw new OtlpError(
        'size',
        `expected at most ${mostParts} points, attributes and other parts in a request; send less at once`,
      );
  }
}

/**
 * Exemplars of a point that are read; an SDK sends at most one a bucket, or as many as there are
 * cores.
 */
const mostExamples = 100;

/** A trace id as it is kept. All zeros is none. */
const isTraceId = (hex: string): boolean => /^[0-9a-f]{32}$/.test(hex) && !/^0+$/.test(hex);

/** Adds an exemplar to a point, if it names a trace, a time and a value. */
export function addExample(point: Point<unknown>, example: TraceExample): void {
  if (!isTraceId(example.trace) || !Number.isFinite(example.value) || example.at <= 0) return;
  point.examples ??= [];
  if (point.examples.length < mostExamples) point.examples.push(example);
}

/** The flag of a point that says there is no value: DataPointFlags.NO_RECORDED_VALUE_MASK. */
export const noValueFlag = 1;
