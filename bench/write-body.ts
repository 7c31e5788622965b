import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { snappyCompress } from 'hysnappy';

export type Written = { labels: Readonly<Record<string, string>>; at: number; value: number };

/** The body of a remote write: one sample of each series. */
export function writeBody(samples: readonly Written[]): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  for (const { labels, at, value } of samples) {
    writer.tag(1, 2).fork();
    for (const [name, text] of Object.entries(labels))
      writer.tag(1, 2).fork().tag(1, 2).string(name).tag(2, 2).string(text).join();
    writer.tag(2, 2).fork().tag(1, 1).double(value).tag(2, 0).int64(at).join().join();
  }
  return new Uint8Array(snappyCompress(writer.finish()));
}
