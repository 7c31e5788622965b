import type { ServingState } from '../../core/telemetry/training/serving.ts';
import type { TrainingFeatures, TrainingRecord } from '../../core/telemetry/training/training.ts';

/** Which version of a model is served, and what its versions were trained on. */
export type ModelStore = {
  /** The served version of a source's model. */
  serving(source: string): Promise<ServingState | undefined>;
  /** The trainings of a source's model, by version name. */
  trainings(source: string): Promise<TrainingRecord[]>;
  training(source: string, modelVersion: string): Promise<TrainingRecord | undefined>;
  /** The profiles of exactly this record; undefined if it was replaced or dropped meanwhile. */
  trainingFeatures(record: TrainingRecord): Promise<TrainingFeatures | undefined>;
};
