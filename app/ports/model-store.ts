import type { ServingState } from '../../core/telemetry/training/serving.ts';
import type { TrainingFeatures, TrainingRecord } from '../../core/telemetry/training/training.ts';

/** Which version of a model serves, and what its versions were trained on. */
export type ModelStore = {
  /** Which version of a source's model counts as served. */
  serving(source: string): Promise<ServingState | undefined>;
  /** What the versions of a source's model were trained on, in the order of their names. */
  trainings(source: string): Promise<TrainingRecord[]>;
  training(source: string, modelVersion: string): Promise<TrainingRecord | undefined>;
  /** The profiles of exactly this record; undefined where it has been replaced or dropped meanwhile. */
  trainingFeatures(record: TrainingRecord): Promise<TrainingFeatures | undefined>;
};
