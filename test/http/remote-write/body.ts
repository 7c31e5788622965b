import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { snappyCompress } from 'hysnappy';

export type WrittenSample = { value: number | 'stale'; at: number };
export type WrittenTo = { labels: [string, string][]; samples: WrittenSample[]; histograms?: number };

const endOfSeries = 0x7ff0000000000002n;
/** A `prometheus.WriteRequest`, not compressed. */
export function messageOf(series: readonly WrittenTo[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const { labels, samples, histograms = 0 } of series) {
    writer.tag(1, 2).fork();
    for (const [name, value] of labels) writer.tag(1, 2).fork().tag(1, 2).string(name).tag(2, 2).string(value).join();
    for (const { value, at } of samples) {
      writer.tag(2, 2).fork().tag(1, 1);
      if (value === 'stale') writer.fixed64(endOfSeries);
      else writer.double(value);
      writer.tag(2, 0).int64(at).join();
    }
    for (let n = 0; n < histograms; n += 1) writer.tag(4, 2).fork().tag(5, 0).int32(1).join();
    writer.join();
  }
  return writer.finish();
}

export const bodyOf = (series: readonly WrittenTo[]): Uint8Array => snappyCompress(messageOf(series));

export const headers = {
  'Content-Encoding': 'snappy',
  'Content-Type': 'application/x-protobuf',
  'X-Prometheus-Remote-Write-Version': '0.1.0',
};
