/**
 * Prometheus' remote-write 1.0: `prometheus.WriteRequest` in protobuf.
 *
 * Field numbers: https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { labelsKey } from '../../vocabulary/labels-key.ts';
import { type Entry, type SampleRecord, sampleRecord } from '../samples/records.ts';
import { type Refused, refusals } from '../samples/refusals.ts';
import { WriteError } from './unpacked.ts';

export type WrittenSeries = {
  /** Metric and labels as canonical text. */
  key: string;
  metric: string;
  labels: Record<string, string>;
};

/** `series`: of which series each record is, by the place of the record. */
export type WriteRequest = {
  records: Entry<SampleRecord>[];
  series: WrittenSeries[];
  /** Samples and histograms that are refused, by their place among all in the request. */
  refused: Refused;
  /**
   * NaN, of which nothing can be judged, and marks that a series has ended. Neither is a fault of
   * the sender.
   */
  without: { nan: number; stale: number };
};

/** The bytes of the one NaN that says a series has ended. Any other NaN is a value. */
const stale = [0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f];
/** Series, or samples of one, that are read before other work may run. */
const inARow = 200;

/**
 * Reads a request in parts. Throws WriteError if it is no such request; a bad series is refused
 * alone.
 */
export function* readWriteRequest(bytes: Uint8Array): Generator<void, WriteRequest> {
  const request: WriteRequest = {
    records: [],
    series: [],
    refused: { rejected: [], unlisted: 0 },
    without: { nan: 0, stale: 0 },
  };
  const reading: Reading = { bytes, reader: new BinaryReader(bytes), request, refused: refusals(), place: 0 };
  const { reader } = reading;
  let read = 0;
  try {
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (field === 1 && type === WireType.LengthDelimited) {
        yield* readSeries(reading);
        read += 1;
        if (read % inARow === 0) yield;
      } else reader.skip(type, field);
    }
  } catch (cause) {
    if (cause instanceof WriteError) throw cause;
    throw new WriteError('expected a protobuf message prometheus.WriteRequest; received something else, or a part of one');
  }
  request.refused = reading.refused.all();
  return request;
}

/** `place`: of the next sample among all in the request. */
type Reading = {
  bytes: Uint8Array;
  reader: BinaryReader;
  request: WriteRequest;
  refused: ReturnType<typeof refusals>;
  place: number;
};

function* readSeries(reading: Reading): Generator<void, void> {
  const { reader, bytes, request, refused } = reading;
  const end = endOf(reader);
  const labels: [string, string][] = [];
  const samples: Sample[] = [];
  let histograms = 0;
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.LengthDelimited && labels.length <= mostLabels) labels.push(readLabel(reader));
    else if (field === 2 && type === WireType.LengthDelimited) {
      if (samples.push(readSample(reader, bytes)) % inARow === 0) yield;
    } else {
      if (field === 4) histograms += 1;
      reader.skip(type, field);
    }
    if (reading.place + samples.length + histograms > mostSamples)
      throw new WriteError(`expected at most ${mostSamples} samples in a request; lower max_samples_per_send`, true);
  }
  const series = seriesOf(labels);
  for (const { at, isStale, value } of samples) {
    const { place } = reading;
    reading.place += 1;
    if (place % inARow === inARow - 1) yield;
    if (isStale) request.without.stale += 1;
    else if (Number.isNaN(value)) request.without.nan += 1;
    else if (typeof series === 'string') refused.add(place, () => series);
    else if (!Number.isFinite(value) || Math.abs(value) > largest)
      refused.add(place, () => `${series.metric}: expected a number of at most ${largest} in size; received ${value}`);
    else {
      request.records.push({ index: place, value: { metric: series.metric, labels: series.labels, timestamp: at, value } });
      request.series.push(series);
    }
  }
  for (let n = 0; n < histograms; n += 1) {
    refused.add(
      reading.place,
      () => `${nameIn(labels)}: native histograms are not taken; send classic ones, or leave out send_native_histograms`,
    );
    reading.place += 1;
  }
}

/** Prometheus sends 2,000. An empty one takes two bytes, so a body holds millions of them. */
const mostSamples = 100_000;
/** More than a series may have, so that the first one too many refuses it. */
const mostLabels = 100;

/** As for samples that are posted. */
const largest = 1e100;

const nameIn = (labels: readonly [string, string][]): string =>
  labels.find(([name]) => name === '__name__')?.[1].slice(0, 100) ?? 'a series';

/** The series of these labels, or why there can be none. */
function seriesOf(sent: readonly [string, string][]): WrittenSeries | string {
  const labels = Object.fromEntries(sent.filter(([name]) => name !== '__name__'));
  const metric = sent.find(([name]) => name === '__name__')?.[1] ?? '';
  if (sent.some(([name, value]) => name.includes('\uFFFD') || value.includes('\uFFFD')))
    return `${nameIn(sent)}: expected labels in UTF-8; received other bytes`;
  const parsed = sampleRecord.safeParse({ metric, labels, value: 0, timestamp: 0 });
  if (parsed.success) return { key: `${metric} ${labelsKey(labels)}`, metric, labels };
  const [issue] = parsed.error.issues;
  return `${nameIn(sent)}: ${issue?.path.join('.') ?? 'labels'}: ${issue?.message ?? 'cannot be read'}`;
}

function readLabel(reader: BinaryReader): [string, string] {
  const end = endOf(reader);
  let [name, value] = ['', ''];
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.LengthDelimited) name = reader.string();
    else if (field === 2 && type === WireType.LengthDelimited) value = reader.string();
    else reader.skip(type, field);
  }
  return [name, value];
}

type Sample = { at: number; value: number; isStale: boolean };

function readSample(reader: BinaryReader, bytes: Uint8Array): Sample {
  const end = endOf(reader);
  const sample: Sample = { at: 0, value: 0, isStale: false };
  while (reader.pos < end) {
    const [field, type] = reader.tag();
    if (field === 1 && type === WireType.Bit64) {
      // Which NaN it is may get lost in a number, so the bytes are compared.
      const from = reader.pos;
      sample.value = reader.double();
      sample.isStale = Number.isNaN(sample.value) && stale.every((byte, place) => bytes[from + place] === byte);
    } else if (field === 2 && type === WireType.Varint) sample.at = Number(reader.int64());
    else reader.skip(type, field);
  }
  return sample;
}

/** The end of a message within the one that is being read. */
function endOf(reader: BinaryReader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new WriteError('expected a whole protobuf message; received the beginning of one');
  return end;
}
