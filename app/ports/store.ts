import type { DecisionStore } from './decision-store.ts';
import type { ModelStore } from './model-store.ts';
import type { Notes } from './notes.ts';
import type { Outbox } from './outbox.ts';
import type { QuarantineStore } from './quarantine-store.ts';
import type { SeriesStore } from './series-store.ts';

/** Everything that is remembered. */
export type Store = DecisionStore &
  ModelStore &
  Outbox &
  SeriesStore &
  Notes &
  QuarantineStore & {
    /** Drops what has expired: buckets, waiting predictions, marks of batches, delivered effects. Returns how many records. */
    prune(now: number): Promise<number>;
    close(): Promise<void>;
  };
