import type { AuditEntry, AuditPlace } from '../../core/access/audit-log.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { TimeSensitiveAt } from '../../core/alerting/alerts/external.ts';
import type { Heartbeat } from '../../core/alerting/heartbeats/heartbeat.ts';
import type { Silence } from '../../core/alerting/silences/silence.ts';
import type { DeploymentState } from '../../core/remediation/deployments/deployment.ts';
import type { Devices } from '../../core/response/devices/device.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import type { IncidentPlace } from '../../core/response/incidents/incident-place.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { TimelinePlace } from '../../core/response/incidents/timeline-place.ts';
import type { Override } from '../../core/response/oncall/override.ts';
import type { Fingerprint, GroupKey, IncidentId } from '../../core/vocabulary/ids.ts';
import type { Commit, CommitResult } from './commit.ts';

/**
 * Incidents, alerts and people's decisions. Reads by key are strongly consistent; lists may lag
 * slightly on AWS.
 */
export type DecisionStore = {
  commit(commit: Commit): Promise<CommitResult>;
  /** The most writes, entries and effects in one commit; at least `maxCommitActions`. */
  maxActions: number;
  incident(id: IncidentId): Promise<Incident | undefined>;
  /** The latest incident of a group or claim, open or not. */
  incidentOfGroup(groupKey: GroupKey): Promise<Incident | undefined>;
  /**
   * Newest first. Tenants' incidents are included, and count towards the limit, only on request.
   */
  incidents(filter: {
    status: 'open' | 'resolved' | 'all';
    limit: number;
    tenants?: boolean;
    /** Only those that come after this place, which need not be there. */
    before?: IncidentPlace | undefined;
  }): Promise<Incident[]>;
  /** Deletes a tenant's incident with its timeline and pointers; ignores any other. */
  forgetOfTenant(id: IncidentId): Promise<void>;
  /** Ids of incidents with `nextStepAt` at or before `now`, earliest first. */
  dueIncidents(now: number, limit: number): Promise<IncidentId[]>;
  timeline(incidentId: IncidentId): Promise<TimelineEntry[]>;
  /** The newest entries of a timeline, or those before a place; newest first. */
  latestEntries(incidentId: IncidentId, page: { limit: number; before?: TimelinePlace | undefined }): Promise<TimelineEntry[]>;
  /** The newest entries of the audit log, oldest first. */
  auditLog(limit: number, before?: AuditPlace): Promise<AuditEntry[]>;
  /** All stored alerts: pending, firing, recovering, and resolved ones still kept. */
  alerts(): Promise<Alert[]>;
  /**
   * The alerts that time alone may change; see `isTimeSensitive` in
   * core/alerting/alerts/external.ts. In the same order.
   */
  timeSensitiveAlerts(at: TimeSensitiveAt): Promise<Alert[]>;
  alert(fingerprint: Fingerprint): Promise<Alert | undefined>;
  /** The alerts with these fingerprints, in that order. */
  alertsOf(fingerprints: readonly Fingerprint[]): Promise<(Alert | undefined)[]>;
  deployment(name: string): Promise<DeploymentState | undefined>;
  /** Silences that have not ended by `now`, including future ones. */
  silences(now: number): Promise<Silence[]>;
  /** On-call overrides that have not ended by `now`, oldest first. */
  overrides(now: number): Promise<Override[]>;
  /** The devices on which a responder takes pages. */
  devices(responder: string): Promise<Devices | undefined>;
  /** The heartbeats with these names, in that order. */
  heartbeats(names: readonly string[]): Promise<(Heartbeat | undefined)[]>;
};
