/**
 * Reads a JSON body into rows. OTLP's JSON differs from protobuf's: ids are hex, enums are numbers,
 * and unknown members are ignored. 64-bit integers are texts or numbers. Source:
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
import {
  type Attributes,
  addExample,
  deepest,
  type ExplicitValue,
  type ExponentialValue,
  type Measured,
  type Metric,
  type MetricData,
  type MetricsRequest,
  noValueFlag,
  OtlpError,
  Parts,
  type Point,
  type Side,
  type Temporality,
  temporalities,
} from './message.ts';
import { shortNested } from './short-key.ts';

type Json = Record<string, unknown>;

/** Throws OtlpError: for any text there is a request or a reason. */
export function readJson(text: string): MetricsRequest {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OtlpError('body', `expected an ExportMetricsServiceRequest in JSON; it cannot be read: ${why.slice(0, 200)}`);
  }
  const reader = new Reader();
  return reader.list(reader.object(body, 'the body'), 'resourceMetrics').map((one) => ({
    resource: reader.attributes(reader.member(one, 'resource')),
    scopes: reader.list(one, 'scopeMetrics').map((own) => {
      const scope = reader.member(own, 'scope');
      return {
        scope: {
          name: reader.text(scope, 'name'),
          version: reader.text(scope, 'version'),
          attributes: reader.attributes(scope),
        },
        metrics: reader.list(own, 'metrics').map((each) => metric(reader, each)),
      };
    }),
  }));
}

/**
 * Milliseconds of nanoseconds in decimal digits; only the last of up to 20 digits are a fraction.
 */
function millisecondsOf(digits: string): number {
  if (digits.length <= 6) return Number(digits) / 1e6;
  return Number(digits.slice(0, -6)) + Number(digits.slice(-6)) / 1e6;
}

function refuse(name: string, expected: string, received: unknown): never {
  const shown =
    typeof received === 'string'
      ? JSON.stringify(received.slice(0, 40))
      : Array.isArray(received)
        ? 'a list'
        : typeof received === 'object'
          ? 'an object'
          : String(received);
  throw new OtlpError('body', `${name}: expected ${expected}; received ${shown}`);
}

class Reader {
  readonly parts = new Parts();

  object(value: unknown, name: string): Json {
    this.parts.take();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(name, 'an object', value);
    return value as Json;
  }

  member(of: Json, name: string): Json {
    const value = of[name];
    return value === undefined || value === null ? {} : this.object(value, name);
  }

  /** A member as a list of objects. */
  list(of: Json, name: string): Json[] {
    return this.values(of, name).map((one) => this.object(one, name));
  }

  values(of: Json, name: string): unknown[] {
    const value = of[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) refuse(name, 'a list', value);
    return value as unknown[];
  }

  text(of: Json, name: string): string {
    const value = of[name];
    if (value === undefined || value === null) return '';
    return typeof value === 'string' ? value : refuse(name, 'a text', value);
  }

  /** A number, also as text; Infinity, -Infinity and NaN are texts. */
  number(value: unknown, name: string): number {
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && value.trim() !== '') {
      const read = Number(value);
      if (!Number.isNaN(read) || value === 'NaN') return read;
    }
    return refuse(name, 'a number', value);
  }

  numberIn(of: Json, name: string): number | undefined {
    const value = of[name];
    return value === undefined || value === null ? undefined : this.number(value, name);
  }

  numbers(of: Json, name: string): number[] {
    return this.values(of, name).map((one) => this.number(one, name));
  }

  time(of: Json, name: string): number {
    const value = of[name];
    if (value === undefined || value === null) return 0;
    if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return millisecondsOf(value);
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value / 1e6;
    return refuse(name, 'nanoseconds since the epoch', value);
  }

  temporality(of: Json): Temporality {
    const value = of['aggregationTemporality'];
    if (value === undefined || value === null) return 'unsaid';
    // Some senders write the name, as protobuf's own JSON does.
    if (typeof value === 'string') {
      return value.endsWith('_DELTA') ? 'delta' : value.endsWith('_CUMULATIVE') ? 'cumulative' : 'unsaid';
    }
    return temporalities[this.number(value, 'aggregationTemporality')] ?? 'unsaid';
  }

  attributes(of: Json, name = 'attributes'): Attributes {
    const all: Attributes = [];
    for (const one of this.list(of, name)) all.push(this.text(one, 'key'), this.any(one['value'], deepest));
    return all;
  }

  /** A value as a letter for its type and its text, as from protobuf. */
  any(value: unknown, depth: number): string {
    if (value === undefined || value === null) return 'x';
    const one = this.object(value, 'value');
    if (depth === 0) return 'x';
    if (one['stringValue'] !== undefined) return `s${this.text(one, 'stringValue')}`;
    if (one['boolValue'] !== undefined) return `b${one['boolValue'] === true || one['boolValue'] === 'true'}`;
    if (one['intValue'] !== undefined) return `i${integerText(one['intValue'])}`;
    if (one['doubleValue'] !== undefined) return `d${this.number(one['doubleValue'], 'doubleValue')}`;
    if (one['arrayValue'] !== undefined) {
      const values = this.values(this.member(one, 'arrayValue'), 'values').map((each) => shortNested(this.any(each, depth - 1)));
      return `a${JSON.stringify(values)}`;
    }
    if (one['kvlistValue'] !== undefined) {
      const values = this.list(this.member(one, 'kvlistValue'), 'values').flatMap((each) => [
        shortNested(this.text(each, 'key')),
        shortNested(this.any(each['value'], depth - 1)),
      ]);
      return `m${JSON.stringify(values)}`;
    }
    if (one['bytesValue'] !== undefined) return `y${hexOfBase64(this.text(one, 'bytesValue'))}`;
    return 'x';
  }
}

function integerText(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(BigInt(Math.trunc(value)));
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return String(BigInt(value));
  return refuse('intValue', 'an integer', value);
}

/** Up to 16 bytes, as much as is kept of protobuf's. */
function hexOfBase64(text: string): string {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/').slice(0, 24));
    return [...binary.slice(0, 16)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  } catch {
    return refuse('bytesValue', 'bytes in base64', text);
  }
}

function metric(reader: Reader, one: Json): Metric {
  return { name: reader.text(one, 'name'), unit: reader.text(one, 'unit'), data: dataOf(reader, one) };
}

function dataOf(reader: Reader, one: Json): MetricData | undefined {
  const data = (name: string): Json | undefined =>
    one[name] === undefined || one[name] === null ? undefined : reader.member(one, name);
  const points = <V>(of: Json, value: (point: Json) => V): Point<V>[] =>
    reader.list(of, 'dataPoints').map((each) => point(reader, each, value));
  const gauge = data('gauge');
  if (gauge !== undefined) return { kind: 'gauge', points: points(gauge, (each) => numberOf(reader, each)) };
  const sum = data('sum');
  if (sum !== undefined) {
    const monotonic = sum['isMonotonic'] === true;
    return {
      kind: 'sum',
      temporality: reader.temporality(sum),
      monotonic,
      points: points(sum, (each) => numberOf(reader, each)),
    };
  }
  const histogram = data('histogram');
  if (histogram !== undefined) {
    const temporality = reader.temporality(histogram);
    return { kind: 'histogram', temporality, points: points(histogram, (each) => explicit(reader, each)) };
  }
  const exponentials = data('exponentialHistogram');
  if (exponentials !== undefined) {
    const temporality = reader.temporality(exponentials);
    return { kind: 'exponential histogram', temporality, points: points(exponentials, (each) => exponential(reader, each)) };
  }
  const summary = data('summary');
  if (summary === undefined) return undefined;
  return {
    kind: 'summary',
    points: points(summary, (each) => ({ count: reader.numberIn(each, 'count') ?? 0, sum: reader.numberIn(each, 'sum') ?? 0 })),
  };
}

function point<V>(reader: Reader, of: Json, value: (of: Json) => V): Point<V> {
  const read: Point<V> = {
    attributes: reader.attributes(of),
    start: reader.time(of, 'startTimeUnixNano'),
    time: reader.time(of, 'timeUnixNano'),
    noValue: ((reader.numberIn(of, 'flags') ?? 0) & noValueFlag) !== 0,
    value: value(of),
  };
  for (const one of reader.list(of, 'exemplars')) {
    const trace = reader.text(one, 'traceId').toLowerCase();
    addExample(read, { trace, value: numberOf(reader, one), at: reader.time(one, 'timeUnixNano') });
  }
  return read;
}

const numberOf = (reader: Reader, of: Json): number => reader.numberIn(of, 'asDouble') ?? reader.numberIn(of, 'asInt') ?? 0;

const measured = (reader: Reader, of: Json): Measured => {
  const read: Measured = { count: reader.numberIn(of, 'count') ?? 0 };
  for (const name of ['sum', 'min', 'max'] as const) {
    const value = reader.numberIn(of, name);
    if (value !== undefined) read[name] = value;
  }
  return read;
};

const explicit = (reader: Reader, of: Json): ExplicitValue => ({
  ...measured(reader, of),
  bounds: reader.numbers(of, 'explicitBounds'),
  counts: reader.numbers(of, 'bucketCounts'),
});

const side = (reader: Reader, of: Json): Side => ({
  offset: reader.numberIn(of, 'offset') ?? 0,
  counts: reader.numbers(of, 'bucketCounts'),
});

const exponential = (reader: Reader, of: Json): ExponentialValue => ({
  ...measured(reader, of),
  scale: reader.numberIn(of, 'scale') ?? 0,
  zeroCount: reader.numberIn(of, 'zeroCount') ?? 0,
  zeroThreshold: reader.numberIn(of, 'zeroThreshold') ?? 0,
  positive: side(reader, reader.member(of, 'positive')),
  negative: side(reader, reader.member(of, 'negative')),
});
