import type { DecisionStore } from './decision-store.ts';
import type { JudgementStore } from './judgement-store.ts';
import type { ModelStore } from './model-store.ts';
import type { Notes } from './notes.ts';
import type { Outbox } from './outbox.ts';
import type { QuarantineStore } from './quarantine-store.ts';
import type { SeriesStore } from './series-store.ts';

/** Everything that is stored. */
export type Store = DecisionStore &
  ModelStore &
  Outbox &
  SeriesStore &
  JudgementStore &
  Notes &
  QuarantineStore & {
    /**
     * Drops expired buckets, waiting predictions, batch marks, history and delivered effects.
     * Returns their number.
     */
    prune(now: number): Promise<number>;
    close(): Promise<void>;
  };
