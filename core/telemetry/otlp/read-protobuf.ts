/**
 * Reads a protobuf body into rows. By hand, since generated classes cost three times as much. A
 * field is known by its tag: its number times 8, plus its wire type. Anything else is skipped, as
 * protobuf wants it.
 */
import { BinaryReader } from '@bufbuild/protobuf/wire';
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
  type ResourceMetrics,
  type Scope,
  type ScopeMetrics,
  type Side,
  temporalities,
} from './message.ts';
import { shortNested } from './short-key.ts';

/** Throws OtlpError: for any bytes there is a request or a reason. */
export function readProtobuf(body: Uint8Array): MetricsRequest {
  const reader = new Reader(body);
  try {
    const all: MetricsRequest = [];
    reader.fields(body.length, (tag) => {
      if (tag !== 10) return false;
      all.push(resourceMetrics(reader));
      return true;
    });
    return all;
  } catch (cause) {
    if (cause instanceof OtlpError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OtlpError('body', `expected an ExportMetricsServiceRequest in protobuf; byte ${reader.pos} cannot be read: ${why}`);
  }
}

const double = (low: number, high: number): number => high * 0x1_0000_0000 + low;

/** Nanoseconds as milliseconds. The product of the high word with 967296 is below 2^53. */
export function millisecondsOf(low: number, high: number): number {
  const rest = high * 967_296 + low;
  const whole = Math.floor(rest / 1e6);
  return high * 4294 + whole + (rest - whole * 1e6) / 1e6;
}

class Reader extends BinaryReader {
  readonly parts = new Parts();

  /** Calls `field` with each tag up to `end`; what it does not take is skipped. */
  fields(end: number, field: (tag: number) => boolean): void {
    while (this.pos < end) {
      const tag = this.uint32();
      const number = tag >>> 3;
      if (number === 0) throw new RangeError('a field has the number 0');
      if (!field(tag)) this.skip(tag & 7, number);
    }
    if (this.pos !== end) throw new RangeError('a part is longer than what it is in');
  }

  message(field: (tag: number) => boolean): void {
    this.parts.take();
    this.fields(this.end(), field);
  }

  end(): number {
    const length = this.uint32();
    const end = this.pos + length;
    if (end > this.len) throw new RangeError('a part ends after the body');
    return end;
  }

  /** fixed64 as a number: counts above 2^53 are not exact. */
  count(): number {
    const low = this.fixed32();
    return double(low, this.fixed32());
  }

  time(): number {
    const low = this.fixed32();
    return millisecondsOf(low, this.fixed32());
  }

  signed(): number {
    const low = this.fixed32();
    return double(low, this.sfixed32());
  }
}

function resourceMetrics(reader: Reader): ResourceMetrics {
  const read: ResourceMetrics = { resource: [], scopes: [] };
  reader.message((tag) => {
    if (tag === 10) {
      reader.message((inner) => {
        if (inner !== 10) return false;
        attribute(reader, read.resource);
        return true;
      });
    } else if (tag === 18) read.scopes.push(scopeMetrics(reader));
    else return false;
    return true;
  });
  return read;
}

function scopeMetrics(reader: Reader): ScopeMetrics {
  const scope: Scope = { name: '', version: '', attributes: [] };
  const metrics: Metric[] = [];
  reader.message((tag) => {
    if (tag === 10) {
      reader.message((inner) => {
        if (inner === 10) scope.name = reader.string();
        else if (inner === 18) scope.version = reader.string();
        else if (inner === 26) attribute(reader, scope.attributes);
        else return false;
        return true;
      });
    } else if (tag === 18) metrics.push(metric(reader));
    else return false;
    return true;
  });
  return { scope, metrics };
}

function metric(reader: Reader): Metric {
  const read: Metric = { name: '', unit: '', data: undefined };
  reader.message((tag) => {
    if (tag === 10) read.name = reader.string();
    else if (tag === 26) read.unit = reader.string();
    else if (tag === 42) read.data = { kind: 'gauge', points: data(reader, numberPoint).points };
    else if (tag === 58) read.data = { kind: 'sum', ...data(reader, numberPoint) };
    else if (tag === 74) read.data = withoutMonotonic('histogram', data(reader, explicitPoint));
    else if (tag === 82) read.data = withoutMonotonic('exponential histogram', data(reader, exponentialPoint));
    else if (tag === 90) read.data = { kind: 'summary', points: data(reader, summaryPoint).points };
    else return false;
    return true;
  });
  return read;
}

type Data<V> = Omit<Extract<MetricData, { kind: 'sum' }>, 'kind' | 'points'> & { points: Point<V>[] };

const withoutMonotonic = <K, V>(kind: K, { temporality, points }: Data<V>) => ({ kind, temporality, points });

function data<V>(reader: Reader, point: (reader: Reader) => Point<V>): Data<V> {
  const read: Data<V> = { temporality: 'unsaid', monotonic: false, points: [] };
  reader.message((tag) => {
    if (tag === 10) read.points.push(point(reader));
    else if (tag === 16) read.temporality = temporalities[reader.uint32()] ?? 'unsaid';
    else if (tag === 24) read.monotonic = reader.bool();
    else return false;
    return true;
  });
  return read;
}

function numberPoint(reader: Reader): Point<number> {
  const point: Point<number> = { attributes: [], start: 0, time: 0, noValue: false, value: 0 };
  reader.message((tag) => {
    if (tag === 58) attribute(reader, point.attributes);
    else if (tag === 17) point.start = reader.time();
    else if (tag === 25) point.time = reader.time();
    else if (tag === 33) point.value = reader.double();
    else if (tag === 49) point.value = reader.signed();
    else if (tag === 64) point.noValue = (reader.uint32() & noValueFlag) !== 0;
    else if (tag === 42) example(reader, point);
    else return false;
    return true;
  });
  return point;
}

function explicitPoint(reader: Reader): Point<ExplicitValue> {
  const value: ExplicitValue = { count: 0, bounds: [], counts: [] };
  const point: Point<ExplicitValue> = { attributes: [], start: 0, time: 0, noValue: false, value };
  reader.message((tag) => {
    if (tag === 74) attribute(reader, point.attributes);
    else if (tag === 17) point.start = reader.time();
    else if (tag === 25) point.time = reader.time();
    else if (tag === 33) value.count = reader.count();
    else if (tag === 41) value.sum = reader.double();
    else if (tag === 49) value.counts.push(reader.count());
    else if (tag === 50) packed(reader, value.counts, () => reader.count());
    else if (tag === 57) value.bounds.push(reader.double());
    else if (tag === 58) packed(reader, value.bounds, () => reader.double());
    else if (tag === 80) point.noValue = (reader.uint32() & noValueFlag) !== 0;
    else if (tag === 89) value.min = reader.double();
    else if (tag === 97) value.max = reader.double();
    else if (tag === 66) example(reader, point);
    else return false;
    return true;
  });
  return point;
}

function exponentialPoint(reader: Reader): Point<ExponentialValue> {
  const none = (): Side => ({ offset: 0, counts: [] });
  const value: ExponentialValue = { count: 0, scale: 0, zeroCount: 0, zeroThreshold: 0, positive: none(), negative: none() };
  const point: Point<ExponentialValue> = { attributes: [], start: 0, time: 0, noValue: false, value };
  reader.message((tag) => {
    if (tag === 10) attribute(reader, point.attributes);
    else if (tag === 17) point.start = reader.time();
    else if (tag === 25) point.time = reader.time();
    else if (tag === 33) value.count = reader.count();
    else if (tag === 41) value.sum = reader.double();
    else if (tag === 48) value.scale = reader.sint32();
    else if (tag === 57) value.zeroCount = reader.count();
    else if (tag === 66) side(reader, value.positive);
    else if (tag === 74) side(reader, value.negative);
    else if (tag === 80) point.noValue = (reader.uint32() & noValueFlag) !== 0;
    else if (tag === 97) value.min = reader.double();
    else if (tag === 105) value.max = reader.double();
    else if (tag === 113) value.zeroThreshold = reader.double();
    else if (tag === 90) example(reader, point);
    else return false;
    return true;
  });
  return point;
}

/** Those without a trace say no more than the point does. */
function example(reader: Reader, point: Point<unknown>): void {
  const read = { trace: '', value: Number.NaN, at: 0 };
  reader.message((tag) => {
    if (tag === 17) read.at = reader.time();
    else if (tag === 25) read.value = reader.double();
    else if (tag === 49) read.value = reader.signed();
    else if (tag === 42) read.trace = hexOf(reader.bytes());
    else return false;
    return true;
  });
  addExample(point, read);
}

function summaryPoint(reader: Reader): Point<Measured> {
  const value: Measured = { count: 0, sum: 0 };
  const point: Point<Measured> = { attributes: [], start: 0, time: 0, noValue: false, value };
  reader.message((tag) => {
    if (tag === 58) attribute(reader, point.attributes);
    else if (tag === 17) point.start = reader.time();
    else if (tag === 25) point.time = reader.time();
    else if (tag === 33) value.count = reader.count();
    else if (tag === 41) value.sum = reader.double();
    else if (tag === 64) point.noValue = (reader.uint32() & noValueFlag) !== 0;
    else return false;
    return true;
  });
  return point;
}

function side(reader: Reader, into: Side): void {
  reader.message((tag) => {
    if (tag === 8) into.offset = reader.sint32();
    else if (tag === 16) into.counts.push(Number(reader.uint64()));
    else if (tag === 18) packed(reader, into.counts, () => Number(reader.uint64()));
    else return false;
    return true;
  });
}

/** A number takes eight bytes of memory, a tenth of other parts. */
const numbersAPart = 8;

function packed(reader: Reader, into: number[], one: () => number): void {
  const end = reader.end();
  while (reader.pos < end) {
    if (into.length % numbersAPart === 0) reader.parts.take();
    into.push(one());
  }
}

/** Of bytes in an attribute, or of a trace id; those after the first 16 are left out. */
function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, 16)) text += byte.toString(16).padStart(2, '0');
  return text;
}

function attribute(reader: Reader, into: Attributes): void {
  let name = '';
  let value = 'x';
  reader.message((tag) => {
    if (tag === 10) name = reader.string();
    else if (tag === 18) value = anyValue(reader, deepest);
    else return false;
    return true;
  });
  into.push(name, value);
}

/** A value as a letter for its type and its text. */
function anyValue(reader: Reader, depth: number): string {
  let value = 'x';
  if (depth === 0) {
    reader.message(() => false);
    return value;
  }
  reader.message((tag) => {
    if (tag === 10) value = `s${reader.string()}`;
    else if (tag === 16) value = `b${reader.bool()}`;
    else if (tag === 24) value = `i${reader.int64()}`;
    else if (tag === 33) value = `d${reader.double()}`;
    else if (tag === 42) value = `a${JSON.stringify(list(reader, depth - 1))}`;
    else if (tag === 50) value = `m${JSON.stringify(map(reader, depth - 1))}`;
    else if (tag === 58) value = `y${hexOf(reader.bytes())}`;
    else return false;
    return true;
  });
  return value;
}

function list(reader: Reader, depth: number): string[] {
  const values: string[] = [];
  reader.message((tag) => {
    if (tag !== 10) return false;
    values.push(shortNested(anyValue(reader, depth)));
    return true;
  });
  return values;
}

function map(reader: Reader, depth: number): string[] {
  const values: string[] = [];
  reader.message((tag) => {
    if (tag !== 10) return false;
    let name = '';
    let value = 'x';
    reader.message((inner) => {
      if (inner === 10) name = reader.string();
      else if (inner === 18) value = anyValue(reader, depth);
      else return false;
      return true;
    });
    values.push(shortNested(name), shortNested(value));
    return true;
  });
  return values;
}
