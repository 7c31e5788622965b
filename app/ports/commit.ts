import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { DeploymentState } from '../../core/remediation/deployments/deployment.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { Override } from '../../core/response/oncall/override.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import type { ServingState } from '../../core/telemetry/training/serving.ts';
import type { TrainingFeatures, TrainingRecord } from '../../core/telemetry/training/training.ts';
import type { EffectId, Fingerprint, IncidentId } from '../../core/vocabulary/ids.ts';

/**
 * One versioned record to write. `expected` is the version that was read (0: must not exist yet); `value.version`
 * is `expected + 1`. A write without change of meaning is not made.
 */
export type Write =
  | {
      kind: 'incident';
      value: Incident;
      expected: number /** Only with expected 0: the incident that was the group's latest when this was decided. */;
      previous?: IncidentId;
    }
  /**
   * The incident becomes what is found under a key as well: that of a group whose alerts join it, or that of a claim
   * (core/alerting/correlation/keys.ts). `previous`: the one that was found there when this was decided.
   */
  | { kind: 'latest'; key: string; incidentId: IncidentId; previous?: IncidentId }
  | {
      kind: 'alert';
      value: Alert;
      expected: number;
      /**
       * Only of a post that says no more than that it still fires. A store that one process owns may keep it in memory for as
       * long as what it has on disk `lasts`: see core/alerting/alerts/external.ts.
       */
      repeat?: boolean;
    }
  | { kind: 'alert gone'; fingerprint: Fingerprint; expected: number }
  | { kind: 'deployment'; value: DeploymentState; expected: number }
  | { kind: 'silence'; value: Silence; expected: number }
  | { kind: 'override'; value: Override; expected: number }
  | { kind: 'serving'; value: ServingState; expected: number }
  | {
      kind: 'training';
      value: TrainingRecord;
      expected: number;
      /** The profiles of all features, in `value.parts` parts; they replace those that were there. */
      parts: TrainingFeatures[];
      /** How many parts there were. */
      partsBefore: number;
    }
  | { kind: 'training gone'; source: string; modelVersion: string; expected: number; partsBefore: number };

/** What one decision changes, all or nothing. A part of a training counts as a write. At most the store's `maxActions` writes, entries and effects together. */
export type Commit = {
  writes: Write[];
  timeline: TimelineEntry[];
  effects: Effect[];
  /** Ids of effects that this commit concludes. */
  done: EffectId[];
};

/** What every store takes: a DynamoDB transaction has 100 actions; a new incident costs one more for its group's pointer. */
export const maxCommitActions = 90;

export type CommitResult = 'committed' | 'conflict';
