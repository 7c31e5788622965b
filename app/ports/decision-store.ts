import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { TimeSensitiveAt } from '../../core/alerting/alerts/external.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { DeploymentState } from '../../core/remediation/deployments/deployment.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { Override } from '../../core/response/oncall/override.ts';
import type { Fingerprint, GroupKey, IncidentId } from '../../core/vocabulary/ids.ts';
import type { Commit, CommitResult } from './commit.ts';

/** Incidents, alerts and what people decided. Reads by key are strongly consistent; lists may lag by a moment on AWS. */
export type DecisionStore = {
  commit(commit: Commit): Promise<CommitResult>;
  /** How many writes, entries and effects one commit may hold: `maxCommitActions` or more. */
  maxActions: number;
  incident(id: IncidentId): Promise<Incident | undefined>;
  /** The latest incident of a group, or of a claim, open or not. */
  incidentOfGroup(groupKey: GroupKey): Promise<Incident | undefined>;
  /** Newest first. Those of tenants are among them, and count to the limit, only where they are asked for. */
  incidents(filter: { status: 'open' | 'resolved' | 'all'; limit: number; tenants?: boolean }): Promise<Incident[]>;
  /** Drops an incident of a tenant with its timeline, and what names it the latest of its group; any other one stays. */
  forgetOfTenant(id: IncidentId): Promise<void>;
  /** Ids of incidents whose `nextStepAt` is at or before `now`, earliest first. */
  dueIncidents(now: number, limit: number): Promise<IncidentId[]>;
  timeline(incidentId: IncidentId): Promise<TimelineEntry[]>;
  /** All alerts that have a record: pending, firing, recovering, and resolved ones that are still kept. */
  alerts(): Promise<Alert[]>;
  /** Those of them about which time alone may change something: see `isTimeSensitive` in core/alerting/alerts/external.ts. In the same order. */
  timeSensitiveAlerts(at: TimeSensitiveAt): Promise<Alert[]>;
  alert(fingerprint: Fingerprint): Promise<Alert | undefined>;
  /** The alerts with these fingerprints, in their order. */
  alertsOf(fingerprints: readonly Fingerprint[]): Promise<(Alert | undefined)[]>;
  deployment(name: string): Promise<DeploymentState | undefined>;
  /** Silences that have not ended by `now`, also those that have not begun. */
  silences(now: number): Promise<Silence[]>;
  /** Overrides of who is on call that have not ended by `now`, in the order in which they were made. */
  overrides(now: number): Promise<Override[]>;
};
