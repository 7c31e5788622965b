import { constants, gunzipSync } from 'node:zlib';
import type { OtlpBody } from '../../app/ports/telemetry.ts';
import { type MetricsRequest, OtlpError } from '../../core/telemetry/otlp/message.ts';
import { readJson } from '../../core/telemetry/otlp/read-json.ts';
import { readProtobuf } from '../../core/telemetry/otlp/read-protobuf.ts';

/** A body as long as this, unpacked. An SDK sends some 10 kB, a collector up to some MB. */
const mostUnpackedBytes = 16 * 1024 * 1024;

/** A body as it came. Throws OtlpError. */
export function decodedOtlp({ format, isCompressed, bytes }: Omit<OtlpBody, 'source'>): MetricsRequest {
  const body = isCompressed ? unpacked(bytes) : bytes;
  if (format === 'protobuf') return readProtobuf(body);
  try {
    return readJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    if (error instanceof OtlpError) throw error;
    throw new OtlpError('body', 'expected JSON in UTF-8');
  }
}

/** What is wrong with the body; rethrows what is wrong with us. */
export function refusalOf(error: unknown): OtlpError {
  if (error instanceof OtlpError) return error;
  // Longer than a text can be, or deeper than the stack: sent again, it would fail again.
  if (error instanceof RangeError) return new OtlpError('body', `expected a body that can be read; it cannot: ${error.message}`);
  throw error;
}

function unpacked(bytes: Uint8Array): Uint8Array {
  try {
    // Stops at the limit, whatever the body claims.
    return gunzipSync(bytes, { maxOutputLength: mostUnpackedBytes, finishFlush: constants.Z_FINISH });
  } catch (error) {
    if (error instanceof RangeError)
      throw new OtlpError('size', `expected at most ${mostUnpackedBytes} bytes when unpacked; send less at once`);
    throw new OtlpError(
      'body',
      `expected a body in gzip, as its content encoding says; it cannot be unpacked: ${(error as Error).message}`,
    );
  }
}
