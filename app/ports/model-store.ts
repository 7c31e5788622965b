import type { AcceptedBaseline } from '../../core/detection/kinds/drift/accepted.ts';
import type { Change, ChangePlace } from '../../core/telemetry/changes/change.ts';
import type { ServingState } from '../../core/telemetry/training/serving.ts';
import type { TrainingFeatures, TrainingRecord } from '../../core/telemetry/training/training.ts';
import type { ChangeId, Fingerprint } from '../../core/vocabulary/ids.ts';

/**
 * Which version of a model is served, what its versions were trained on, what people accepted
 * since, and what was changed.
 */
export type ModelStore = {
  /** The served version of a source's model. */
  serving(source: string): Promise<ServingState | undefined>;
  /** The trainings of a source's model, by version name. */
  trainings(source: string): Promise<TrainingRecord[]>;
  training(source: string, modelVersion: string): Promise<TrainingRecord | undefined>;
  /** The profiles of exactly this record; undefined if it was replaced or dropped meanwhile. */
  trainingFeatures(record: TrainingRecord): Promise<TrainingFeatures | undefined>;
  /** The accepted baselines of the series of these alerts, in this order. */
  acceptedBaselines(fingerprints: readonly Fingerprint[]): Promise<(AcceptedBaseline | undefined)[]>;
  /** All that are kept, unordered. */
  allAcceptedBaselines(): Promise<AcceptedBaseline[]>;
  /** The changes with these ids, in this order. */
  changesOf(ids: readonly ChangeId[]): Promise<(Change | undefined)[]>;
  /** Newest first, no older than `since`. */
  changes(filter: {
    limit: number;
    since?: number | undefined;
    /** Only those that come after this place, which need not be there. */
    before?: ChangePlace | undefined;
  }): Promise<Change[]>;
};
