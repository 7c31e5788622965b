import type { Rejection } from '../../core/samples/records.ts';

export type IngestResult = {
  accepted: number;
  /** Records that had been counted before; they were not counted again. */
  duplicates: number;
  /** Records that were refused, by their place in what was sent. */
  rejected: Rejection[];
  /** true: all that was taken of the batch had been taken when it came before. */
  repeated: boolean;
};

/**
 * Nothing of a batch was taken: its body cannot be read, no source is there for it, its key stands for another batch, or
 * the store was too busy.
 */
export class IngestError extends Error {
  override name = 'IngestError';
  kind: 'body' | 'source' | 'key' | 'busy';
  constructor(kind: IngestError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}
