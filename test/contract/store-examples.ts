import type { Commit, Write } from '../../app/ports/commit.ts';
import type { Store } from '../../app/ports/store.ts';
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
import type { PageEffect, TimerEffect } from '../../core/response/outbox/effect.ts';
import type { Change } from '../../core/telemetry/changes/change.ts';
import { type FeatureValue, profileOf } from '../../core/telemetry/profiles/profile.ts';
import type { BatchMark } from '../../core/telemetry/samples/batch-mark.ts';
import type { FoldBatch, Waiting } from '../../core/telemetry/samples/fold.ts';
import {
  type PredictionSummary,
  type ProfileSummary,
  type SeriesRef,
  type Summary,
  seriesRef,
  type ValueSummary,
} from '../../core/telemetry/samples/summary.ts';
import type { ServingState } from '../../core/telemetry/training/serving.ts';
import {
  binning,
  countsOf,
  partsOf,
  type TrainingFeatures,
  type TrainingRecord,
} from '../../core/telemetry/training/training.ts';
import {
  asAuditEntryId,
  asChangeId,
  asEffectId,
  asFingerprint,
  asGroupKey,
  asIncidentId,
  asRuleId,
  type IncidentId,
} from '../../core/vocabulary/ids.ts';

/** 2026-03-01T00:00:00Z: every example counts its times from here. */
export const t0 = 1_772_323_200_000;
export const minute = 60_000;
export const day = 86_400_000;

export function exampleIncident(changes: Partial<Incident> = {}): Incident {
  return {
    id: asIncidentId('inc-1'),
    groupKey: asGroupKey('model=flight-delays,environment=production'),
    groupLabels: { model: 'flight-delays', environment: 'production' },
    title: 'Accuracy of flight delays',
    status: 'triggered',
    severity: 'critical',
    worst: 'critical',
    category: 'performance',
    openedAt: t0,
    since: t0 - 5 * minute,
    reopened: 0,
    counts: { critical: 1, warn: 0, info: 0, muted: 0, resolved: 0 },
    alerts: [],
    policies: {},
    policyKey: 'performance/critical',
    escalation: {
      tier: 1,
      repeats: 0,
      fallback: false,
      targets: [{ kind: 'responder', name: 'ana' }],
      step: 1,
      dead: [],
      failed: [],
      slow: [],
      fruitless: 0,
      heldWhileMuted: false,
    },
    joinedPagedAt: t0,
    joinedUnpaged: 0,
    paged: true,
    pagedContacts: [{ target: { kind: 'responder', name: 'ana' }, contact: { kind: 'terminal' }, updated: false }],
    messages: [],
    deadlines: {},
    generation: 1,
    version: 1,
    ...changes,
  };
}

export function exampleAlert(changes: Partial<Alert> = {}): Alert {
  return {
    fingerprint: asFingerprint('0123456789abcdef'),
    ruleId: asRuleId('flight-accuracy'),
    labels: { model: 'flight-delays', environment: 'production' },
    category: 'performance',
    groupKey: asGroupKey('model=flight-delays,environment=production'),
    groupLabels: { model: 'flight-delays', environment: 'production' },
    state: 'firing',
    severity: 'critical',
    since: t0,
    firedAt: t0,
    breachedAt: t0,
    evaluatedAt: t0,
    reason: 'accuracy 0.71 is 11 % below 0.80',
    value: 0.1 + 0.2,
    excluded: [{ from: t0, to: t0 + minute }],
    version: 1,
    ...changes,
  };
}

export function exampleDeployment(changes: Partial<DeploymentState> = {}): DeploymentState {
  return { name: 'flight-delays', breaker: 'closed', rolledBackAt: [], knownBad: [], version: 1, ...changes };
}

export function exampleSilence(changes: Partial<Silence> = {}): Silence {
  return {
    id: 'sil-1',
    match: [{ name: 'model', op: '=', value: 'flight-delays' }],
    from: t0,
    until: t0 + minute,
    by: 'responder/ana',
    comment: 'known',
    version: 1,
    ...changes,
  };
}

export function exampleOverride(changes: Partial<Override> = {}): Override {
  return {
    id: 'ovr-1',
    schedule: 'ml',
    responder: 'ben',
    from: t0,
    until: t0 + minute,
    at: t0,
    by: 'responder/ben',
    comment: 'Ana is ill',
    version: 1,
    ...changes,
  };
}

export const exampleHeartbeat = (changes: Partial<Heartbeat> = {}): Heartbeat => ({
  name: 'nightly',
  schedule: '0 3 * * * UTC',
  since: t0 - day,
  beganAt: t0,
  succeeded: { beganAt: t0 - day, endedAt: t0 - day + minute },
  runs: [
    { startedAt: t0 - day, endedAt: t0 - day + minute, outcome: 'success', exitCode: 0, log: 'done' },
    { id: 'r2', startedAt: t0, progress: { done: 0.5, at: t0 + minute, movedAt: t0 + minute } },
  ],
  version: 1,
  ...changes,
});

export function exampleDevices(changes: Partial<Devices> = {}): Devices {
  const device = { id: 'd-1', endpoint: 'https://push.example/1', p256dh: 'BPub', auth: 'secret', name: 'Chrome', addedAt: t0 };
  return { responder: 'ana', devices: [device], version: 1, ...changes };
}

export function exampleChange(changes: Partial<Change> = {}): Change {
  return {
    id: asChangeId('chg-1'),
    at: t0,
    kind: 'deploy',
    labels: { model: 'churn', environment: 'prod' },
    by: 'ana',
    sender: 'key:ci',
    receivedAt: t0 + minute,
    version: 1,
    ...changes,
  };
}

export function exampleServing(changes: Partial<ServingState> = {}): ServingState {
  return {
    source: 'app',
    modelVersion: '7',
    since: t0,
    how: 'promoted',
    by: 'responder/ana',
    known: ['6', '7'],
    before: [],
    version: 1,
    ...changes,
  };
}

export function exampleAccepted(changes: Partial<AcceptedBaseline> = {}): AcceptedBaseline {
  return {
    fingerprint: asFingerprint('alert-1'),
    ruleId: asRuleId('moved'),
    labels: { feature: 'price' },
    against: '["between",1,2]',
    from: t0,
    to: t0 + minute,
    profile: profileOf([1, 2, null, 'x']),
    at: t0,
    by: 'responder/ana',
    comment: 'a new supplier',
    version: 1,
    ...changes,
  };
}

/** A feature for each of the numbers below `count`, with profiles that differ by `salt`. */
export const exampleFeatures = (count: number, salt = 0): TrainingFeatures =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`feature ${n}`, profileOf([n, salt, null, 'x'])]));

/** The write of a training, and of its profiles; `before` is the one that it replaces. */
export function exampleTraining(
  features: TrainingFeatures,
  changes: Partial<TrainingRecord> = {},
  before?: TrainingRecord,
): Extract<Write, { kind: 'training' }> {
  const parts = partsOf(features);
  const value: TrainingRecord = {
    source: 'app',
    modelVersion: '7',
    dataset: '2026-01',
    trainedAt: t0 - day,
    rows: 4,
    metrics: { accuracy: { value: 0.1 + 0.2, count: 4 } },
    features: Object.fromEntries(Object.entries(features).map(([name, one]) => [name, countsOf(one)])),
    binning,
    parts: parts.length,
    digest: 'd1',
    pushedAt: t0,
    by: 'tocsin',
    version: (before?.version ?? 0) + 1,
    ...changes,
  };
  return { kind: 'training', value, expected: value.version - 1, parts, partsBefore: before?.parts ?? 0 };
}

export function exampleEntry(changes: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    incidentId: asIncidentId('inc-1'),
    version: 1,
    n: 0,
    at: t0,
    kind: 'opened',
    severity: 'critical',
    text: 'opened by flight-accuracy',
    actor: 'tocsin',
    ...changes,
  };
}

export const exampleAudit = (changes: Partial<AuditEntry> = {}): AuditEntry => ({
  id: asAuditEntryId('0123456789abcdef'),
  at: t0,
  kind: 'silenced',
  text: 'no pages for model=m: deploying',
  actor: 'cli:ana',
  data: { silence: 'sil-1' },
  ...changes,
});

export function examplePageEffect(changes: Partial<PageEffect> = {}): PageEffect {
  return {
    id: asEffectId('inc-1#1#0'),
    incidentId: asIncidentId('inc-1'),
    createdAt: t0,
    kind: 'page',
    reason: 'triggered',
    why: 'accuracy fell',
    severity: 'critical',
    tier: 1,
    target: { kind: 'responder', name: 'ana' },
    contacts: [{ kind: 'terminal' }],
    contactIndex: 0,
    step: 1,
    ...changes,
  };
}

export function exampleWake(changes: Partial<TimerEffect> = {}): TimerEffect {
  return {
    id: asEffectId('inc-1#1#1'),
    incidentId: asIncidentId('inc-1'),
    createdAt: t0,
    kind: 'timer',
    at: t0 + 15 * minute,
    generation: 1,
    ...changes,
  };
}

export const commitOf = (changes: Partial<Commit>): Commit => ({ writes: [], timeline: [], effects: [], done: [], ...changes });

/** Commits, and fails the test when that is refused. */
export async function committed(store: Store, changes: Partial<Commit>): Promise<void> {
  const result = await store.commit(commitOf(changes));
  if (result !== 'committed') throw new Error(`expected the commit of an example to stand; received ${result}`);
}

export const newIncident = (value: Incident, previous?: IncidentId): Write => ({
  kind: 'incident',
  value,
  expected: 0,
  ...(previous === undefined ? {} : { previous }),
});

/** The incident as it is, with changes and the next version. */
export const changedIncident = (before: Incident, changes: Partial<Incident>): Write => ({
  kind: 'incident',
  value: { ...before, ...changes, version: before.version + 1 },
  expected: before.version,
});

export const exampleSeries = (labels: Record<string, string> = { host: 'a' }, metric = 'latency'): SeriesRef =>
  seriesRef('app', metric, labels);

export function exampleValues(changes: Partial<ValueSummary> = {}): ValueSummary {
  return { kind: 'values', count: 2, sum: 0.1 + 0.2, min: 0.1, max: 0.2, last: 0.2, lastAt: t0 + 1, ...changes };
}

export function examplePredictions(changes: Partial<PredictionSummary> = {}): PredictionSummary {
  return {
    kind: 'predictions',
    count: 10,
    labelled: 4,
    correct: 3,
    positive: 2,
    scored: 10,
    scoreSum: 4.2,
    features: { distance: { seen: 10, nulls: 1 } },
    ...changes,
  };
}

export const exampleProfile = (values: readonly FeatureValue[], feature = 'distance'): ProfileSummary => ({
  kind: 'profile',
  count: values.length,
  features: Object.fromEntries([[feature, profileOf(values)]]),
});

export const delta = (
  series: SeriesRef,
  bucketStart: number,
  summary: Summary,
  expiresAt = t0 + day,
): FoldBatch['deltas'][number] => ({ series, bucketStart, summary, expiresAt });

export const exampleMark = (changes: Partial<BatchMark> = {}): BatchMark => ({
  id: 'batch-1',
  version: 1,
  content: 'digest',
  counted: '01',
  keepUntil: t0 + day,
  ...changes,
});

export function exampleBatch({ id, keepUntil, ...changes }: Partial<FoldBatch> & Partial<BatchMark> = {}): FoldBatch {
  const mark = exampleMark({ ...(id !== undefined && { id }), ...(keepUntil !== undefined && { keepUntil }) });
  return { mark, at: t0, deltas: [], waiting: [], ...changes };
}

export function exampleWaiting(changes: Partial<Waiting> = {}): Waiting {
  return {
    key: 'app|p-1',
    state: 'prediction',
    series: exampleSeries(),
    segments: [{ ...exampleSeries(), metric: 'predictions by country', key: 'app|predictions by country|DE' }],
    bucketStart: t0,
    prediction: '1',
    expiresAt: t0 + day,
    ...changes,
  };
}
