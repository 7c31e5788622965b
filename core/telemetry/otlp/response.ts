import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** What a sender is answered, in the encoding of its request. Times are seconds. */
export type OtlpAnswer =
  | { kind: 'success'; rejected: number; message: string }
  /** google.rpc.Status. */
  | { kind: 'status'; code: number; message: string };

/** Codes of google.rpc.Code by the status of HTTP. */
const codes: Record<number, number> = { 400: 3, 401: 16, 403: 7, 404: 5, 413: 3, 415: 3, 429: 8, 503: 14 };

export const statusOf = (http: number, message: string): OtlpAnswer => ({ kind: 'status', code: codes[http] ?? 2, message });

/** ExportMetricsServiceResponse, or google.rpc.Status. */
export function answerProtobuf(answer: OtlpAnswer): Uint8Array {
  const writer = new BinaryWriter();
  if (answer.kind === 'status') {
    writer.tag(1, 0).int32(answer.code).tag(2, 2).string(answer.message);
  } else if (answer.rejected > 0 || answer.message !== '') {
    writer.tag(1, 2).fork().tag(1, 0).int64(answer.rejected).tag(2, 2).string(answer.message).join();
  }
  return writer.finish();
}

/** In JSON a 64-bit integer is a text. */
export function answerJson(answer: OtlpAnswer): object {
  if (answer.kind === 'status') return { code: answer.code, message: answer.message };
  if (answer.rejected === 0 && answer.message === '') return {};
  return { partialSuccess: { rejectedDataPoints: String(answer.rejected), errorMessage: answer.message } };
}
