import type { Refused } from '../../core/telemetry/samples/refusals.ts';

/** The outcome of a batch; refused records by index. */
export type IngestResult = Refused & {
  accepted: number;
  /** Labels that replaced another one of the same prediction. */
  corrected: number;
  /**
   * Labels whose prediction is not known: never sent, or too long ago (`labelWait`). Each counts if
   * its prediction still comes within `labelWait`.
   */
  unmatched: number;
  /** Records that already counted, and were not counted again. */
  duplicates: number;
  /** true: everything accepted from this batch was accepted from an earlier send. */
  repeated: boolean;
};

/**
 * Nothing of the batch was accepted: unreadable or too large, no source for it, its key belongs to
 * another batch, the store is too busy, or its sender may not do that.
 */
export class IngestError extends Error {
  override name = 'IngestError';
  kind: 'body' | 'size' | 'source' | 'key' | 'busy' | 'denied';
  constructor(kind: IngestError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
