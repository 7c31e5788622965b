import type { AuditEntry } from '../../core/access/audit-log.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { Heartbeat } from '../../core/alerting/heartbeats/heartbeat.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { AcceptedBaseline } from '../../core/detection/kinds/drift/accepted.ts';
import type { DeploymentState } from '../../core/remediation/deployments/deployment.ts';
import type { Devices } from '../../core/response/devices/device.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { Override } from '../../core/response/oncall/override.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import type { Change } from '../../core/telemetry/changes/change.ts';
import type { ServingState } from '../../core/telemetry/training/serving.ts';
import type { TrainingFeatures, TrainingRecord } from '../../core/telemetry/training/training.ts';
import type { EffectId, Fingerprint, GroupKey, IncidentId } from '../../core/vocabulary/ids.ts';

/**
 * A versioned record to write. `expected` is the version that was read (0: must not exist);
 * `value.version` is `expected + 1`. Skip writes that change nothing.
 */
export type Write =
  | {
      kind: 'incident';
      value: Incident;
      expected: number /** Only with expected 0: the group's latest incident when this was decided. */;
      previous?: IncidentId;
    }
  /**
   * Makes the incident the latest under another key: a group whose alerts join it, or a claim
   * (core/alerting/correlation/keys.ts). `previous`: the latest when this was decided.
   */
  | { kind: 'latest'; key: GroupKey; incidentId: IncidentId; previous?: IncidentId }
  | {
      kind: 'alert';
      value: Alert;
      expected: number;
      /**
       * Only of a post that says no more than that it still fires. A store that one process owns
       * may keep it in memory for as long as what it has on disk `lasts`: see
       * core/alerting/alerts/external.ts.
       */
      repeat?: boolean;
    }
  | { kind: 'alert gone'; fingerprint: Fingerprint; expected: number }
  | { kind: 'deployment'; value: DeploymentState; expected: number }
  | { kind: 'silence'; value: Silence; expected: number }
  | { kind: 'override'; value: Override; expected: number }
  | { kind: 'devices'; value: Devices; expected: number }
  | { kind: 'change'; value: Change; expected: number }
  | { kind: 'heartbeat'; value: Heartbeat; expected: number }
  | { kind: 'serving'; value: ServingState; expected: number }
  | { kind: 'accepted baseline'; value: AcceptedBaseline; expected: number }
  | {
      kind: 'training';
      value: TrainingRecord;
      expected: number;
      /** The profiles of all features, in `value.parts` parts; replaces stored ones. */
      parts: TrainingFeatures[];
      /** The previous number of parts. */
      partsBefore: number;
    }
  | { kind: 'training gone'; source: string; modelVersion: string; expected: number; partsBefore: number };

/**
 * What one decision changes, all or nothing. A part of a training counts as one write. At most the
 * store's `maxActions` writes, entries and effects in total.
 */
export type Commit = {
  writes: Write[];
  timeline: TimelineEntry[];
  /** Entries of the audit log. One that is there already is a conflict. */
  audit?: AuditEntry[];
  effects: Effect[];
  /** Ids of effects that this commit completes. */
  done: EffectId[];
};

/**
 * The minimum for every store: a DynamoDB transaction has 100 actions, and a new incident needs one
 * more for its group's pointer.
 */
export const maxCommitActions = 90;

export type CommitResult = 'committed' | 'conflict';
