import { type BatchMark, countedRecords } from '../../core/telemetry/samples/batch-mark.ts';
import type { Ports } from '../ports/ports.ts';
import { IngestError } from './ingest-result.ts';

/** Identifies a batch that is resent. */
export type BatchIdentity = {
  id: string;
  /** Digest of the content. */
  content: string;
  /** The source of the whole batch; undefined if each record names its own. */
  source: string | undefined;
};

/** Which records of a batch already count. Each part is written together with its mark. */
export type BatchProgress = {
  isCounted(index: number): boolean;
  /** The mark to write with these records. */
  markOf(indices: readonly number[], keepUntil: number): BatchMark;
  /** A mark was written. */
  written(mark: BatchMark): void;
  /**
   * Reads what others wrote for this batch. Throws IngestError if its key belongs to another batch.
   */
  reload(): Promise<void>;
};

/**
 * Starts without reading: most batches arrive once. Writing the first part reveals an existing
 * mark, and only then is it read.
 */
export function batchProgress({ store }: Pick<Ports, 'store'>, identity: BatchIdentity, now: number): BatchProgress {
  let known: BatchMark | undefined;
  let counted = countedRecords();
  const see = (mark: BatchMark | undefined): void => {
    known = mark;
    // An expired mark may still exist. Its records are too old to be accepted again.
    counted = countedRecords(mark === undefined || mark.keepUntil <= now ? '' : mark.counted);
  };
  return {
    isCounted: (index) => counted.has(index),
    markOf: (indices, keepUntil) => ({
      ...identity,
      version: (known?.version ?? 0) + 1,
      counted: counted.with(indices),
      keepUntil: Math.max(keepUntil, known?.keepUntil ?? keepUntil),
    }),
    written: see,
    async reload() {
      see(await store.batchMark(identity.id));
      if (known === undefined || known.keepUntil <= now) return;
      const { content, source } = known;
      const elsewhere = source !== undefined && identity.source !== undefined && source !== identity.source;
      if (content === identity.content && !elsewhere) return;
      const before = elsewhere ? `to the source ${source}` : 'with other content';
      const what = elsewhere ? 'this batch' : 'what does not count yet';
      throw new IngestError(
        'key',
        `this Idempotency-Key was used before ${before}, and ${countText(counted.size())} by it; nothing was taken now: send ${what} under a new key`,
      );
    },
  };
}

const countText = (records: number): string => (records === 1 ? '1 record counts' : `${records} records count`);
