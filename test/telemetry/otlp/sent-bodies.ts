import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { OtlpBody } from '../../../app/ports/telemetry.ts';

const folder = join(import.meta.dirname, '../../fixtures/otlp');

export type SentBody = Omit<OtlpBody, 'source'> & { name: string };

const kinds = [
  { name: 'python-batch-metrics-cumulative.bin', format: 'protobuf', isCompressed: false },
  { name: 'python-batch-metrics-delta-gzip.bin', format: 'protobuf', isCompressed: true },
  { name: 'python-flask-metrics.bin', format: 'protobuf', isCompressed: false },
  { name: 'python-fastapi-metrics-delta-gzip.bin', format: 'protobuf', isCompressed: true },
  { name: 'js-metrics.json', format: 'json', isCompressed: false },
  { name: 'js-metrics-repeated-by-shutdown.json', format: 'json', isCompressed: false },
  { name: 'js-metrics-gzip.bin', format: 'json', isCompressed: true },
] as const;

/** What real SDKs sent, byte for byte. */
export const recorded = (): SentBody[] =>
  kinds.map((kind) => ({ ...kind, bytes: new Uint8Array(readFileSync(join(folder, kind.name))) }));

/** The same, unpacked. */
export const sentBodies = (): SentBody[] =>
  recorded().map((body) =>
    body.isCompressed ? { ...body, isCompressed: false, bytes: new Uint8Array(gunzipSync(body.bytes)) } : body,
  );
