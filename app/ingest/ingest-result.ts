import type { Refused } from '../../core/telemetry/samples/refusals.ts';

/** What became of a batch; refused records by their place in what was sent. */
export type IngestResult = Refused & {
  accepted: number;
  /** Records that had been counted before; they were not counted again. */
  duplicates: number;
  /** true: all that was taken of the batch had been taken when it came before. */
  repeated: boolean;
};

/**
 * Nothing of a batch was taken: its body cannot be read or is too large, no source is there for it, its key stands for another batch, or
 * the store was too busy.
 */
export class IngestError extends Error {
  override name = 'IngestError';
  kind: 'body' | 'size' | 'source' | 'key' | 'busy';
  constructor(kind: IngestError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
