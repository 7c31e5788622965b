import { storedAuditEntry } from '../../core/access/stored-audit-entry.ts';
import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import { storedAlert } from '../../core/alerting/alerts/stored-alert.ts';
import { storedHeartbeat } from '../../core/alerting/heartbeats/stored-heartbeat.ts';
import { storedEntry } from '../../core/alerting/judgements/history/stored-entry.ts';
import { storedSilence } from '../../core/alerting/silences/stored-silence.ts';
import { storedAccepted } from '../../core/detection/kinds/drift/stored-accepted.ts';
import type { Baseline } from '../../core/detection/verdict.ts';
import { storedDeployment } from '../../core/remediation/deployments/stored-deployment.ts';
import { storedDevices } from '../../core/response/devices/stored-devices.ts';
import type { Incident } from '../../core/response/incidents/incident.ts';
import { storedIncident } from '../../core/response/incidents/stored-incident.ts';
import { storedEntries } from '../../core/response/incidents/stored-timeline.ts';
import type { TimelineData } from '../../core/response/incidents/timeline-data.ts';
import { storedOverride } from '../../core/response/oncall/stored-override.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import { storedEffect } from '../../core/response/outbox/stored-effect.ts';
import type { PostedMessage } from '../../core/response/paging/posted.ts';
import type { KeptDrift } from '../../core/statistics/distributions/value.ts';
import { storedChange } from '../../core/telemetry/changes/stored-change.ts';
import { profileOf } from '../../core/telemetry/profiles/profile.ts';
import type { Shape } from '../../core/telemetry/profiles/shape.ts';
import { storedPredictionDetail, storedProfileDetail, storedValueDetail } from '../../core/telemetry/samples/stored-detail.ts';
import { storedMark } from '../../core/telemetry/samples/stored-mark.ts';
import { storedSeries } from '../../core/telemetry/samples/stored-series.ts';
import { storedSummary } from '../../core/telemetry/samples/stored-summary.ts';
import { storedWaiting } from '../../core/telemetry/samples/stored-waiting.ts';
import { storedServing } from '../../core/telemetry/training/stored-serving.ts';
import { storedTraining, storedTrainingPart } from '../../core/telemetry/training/stored-training.ts';
import { asChangeId, asEffectId, asFingerprint, asIncidentId, asRuleId } from '../../core/vocabulary/ids.ts';
import type { StoredRecord } from '../../core/vocabulary/stored-record.ts';
import {
  exampleAccepted,
  exampleAlert,
  exampleAudit,
  exampleChange,
  exampleDeployment,
  exampleDevices,
  exampleEntry,
  exampleFeatures,
  exampleHeartbeat,
  exampleIncident,
  exampleMark,
  exampleOverride,
  examplePageEffect,
  examplePredictions,
  exampleProfile,
  exampleSeries,
  exampleServing,
  exampleSilence,
  exampleTraining,
  exampleValues,
  exampleWaiting,
  exampleWake,
  minute,
  t0,
} from '../contract/store-examples.ts';
import { exampleHistoryEntry } from '../contract/store-history.ts';

type Written<T> = Pick<StoredRecord<T>, 'kind' | 'version' | 'encode' | 'decode'>;

/**
 * Records of one kind, each with fields that the others may not have, so that every field of the
 * type is in one of them.
 */
export type Examples = { name: string; record: Written<object>; values: object[] };

const of = <T extends object>(name: string, record: Written<T>, values: T[]): Examples => ({
  name,
  record: record as unknown as Written<object>,
  values,
});

const drift: KeptDrift = {
  measure: 'jensen-shannon divergence',
  value: 0.25,
  effectUnits: 'bits',
  pValue: 0.01,
  binning: '10 quantiles #5bf2a0c1',
  zero: 'as they are',
  logBase: '2',
  baselineCount: 100,
  currentCount: 90,
  tested: 3,
};

const span = { from: t0, to: t0 + minute };
const shapes = [profileOf([1, 2, -3, null, 'x']), profileOf(['a', 'b', 'b'])];
const baselines: Baseline[] = [
  { kind: 'fixed', value: 0.8 },
  { kind: 'rolling', value: 0.8, statistic: 'mean', points: 9, ...span },
  { kind: 'seasonal', value: 0.8, season: 'week', spread: 0.1, points: 9, periods: 3, ...span },
  { kind: 'version', value: 0.8, version: '6', statistic: 'median', points: 9, ...span },
  { kind: 'training', value: 0.8, version: '6', dataset: '2026-01', count: 100, at: t0 },
  { kind: 'earlier', value: 0.8, from: t0 },
  { kind: 'expected', value: 0.8 },
  ...shapes.map((one): Baseline => {
    const { numbers, categories } = one;
    const names = categories?.names ?? [];
    const shape: Shape =
      numbers === undefined
        ? { kind: 'categories', count: 3, others: 1, categories: { names, rest: [1, 2] } }
        : { kind: 'numbers', count: 3, others: 1, sketch: numbers.sketch };
    return { kind: 'profile', value: 0, what: 'the week before', count: 3, ...span, shape };
  }),
];

const alert: Alert = exampleAlert({
  resolvedAt: t0,
  belowSince: t0,
  breachedFrom: t0,
  count: 40,
  traces: [{ trace: '4bf92f3577b34da6a3ce929d0e0e4736', value: 0.83, at: t0 }],
  degradation: 0.11,
  drift,
  bound: 0.7,
  pinned: true,
  provisional: { at: t0, value: 0.7, count: 10, labelled: 0.4, estimate: true, until: t0 + minute },
  settled: { at: t0, outcome: 'revised', text: 'labels say 0.72' },
  pointAt: t0,
  awaitsValues: true,
  muted: { by: 'silence', text: 'silence sil-1' },
  joined: { incidentId: asIncidentId('inc-1'), severity: 'critical', state: 'muted' },
  external: {
    source: 'prometheus',
    title: 'Latency',
    runbook: 'https://wiki.example/latency',
    owner: 'ml',
    link: 'https://prometheus.example',
    startsAt: t0,
    endsAt: t0 + minute,
    judgedAt: t0,
    cuts: [
      { of: 'label value', name: 'path', chars: 2000, kept: 1024 },
      { of: 'labels', count: 3 },
    ],
  },
  aboutRule: true,
  refusals: { 'host="a",': { since: t0, series: 'host a', reason: 'too few points' } },
  cut: 7,
  registry: { name: 'mlflow', runbook: 'source-failing', owner: 'ml' },
  tenant: 'synthetic',
});

const message: PostedMessage = {
  ref: { kind: 'slack', place: 'C1', id: '1.2' },
  reason: 'triggered',
  why: 'accuracy fell',
  target: { kind: 'channel', name: 'ml' },
  tier: 1,
};

const summary: AlertSummary = {
  fingerprint: asFingerprint('0123456789abcdef'),
  ruleId: asRuleId('flight-accuracy'),
  title: 'Accuracy',
  labels: { model: 'flight-delays' },
  category: 'performance',
  aboutRule: false,
  severity: 'warn',
  state: 'firing',
  since: t0,
  reason: 'accuracy fell',
  value: 0.7,
  degradation: 0.1,
  drift,
  baseline: { kind: 'fixed', value: 0.8 },
  bound: 0.72,
  traces: [{ trace: '4bf92f3577b34da6a3ce929d0e0e4736', value: 0.83, at: t0, link: 'https://jaeger.example/trace/4bf9' }],
  provisional: 'labels',
  settled: 'labels say 0.72',
  owner: 'ml',
  runbook: 'accuracy-drop',
  link: 'https://prometheus.example',
  rollback: 'flight-delays',
  muted: { by: 'silence', text: 'silence sil-1' },
  cuts: [{ of: 'others', count: 3 }],
};

const webhook = { kind: 'webhook' as const, url: 'https://hooks.example/t0ken', secret: 'HOOK_SECRET' };

const incident: Incident = exampleIncident({
  tenant: 'synthetic',
  acknowledgedAt: t0,
  acknowledgedBy: 'responder/ana',
  acknowledgedSeverity: 'warn',
  resolvedAt: t0,
  resolvedBy: 'responder/ana',
  resolveReason: 'mended',
  resolvedWhileFiring: true,
  reopenedAt: t0,
  alerts: [summary],
  whatChanged: [{ id: asChangeId('chg-1'), at: t0, kind: 'deploy', text: 'model churn deployed, 7 → 8' }],
  causes: [
    {
      fingerprint: asFingerprint('0123456789abcdef'),
      title: 'orders are late',
      where: 'data orders',
      reasons: ['it began first'],
    },
  ],
  related: [{ id: asIncidentId('inc-2'), title: 'Latency', why: 'both are about model flight-delays', at: t0 }],
  policies: {
    'performance/critical': {
      name: 'ml',
      tiers: [{ targets: [{ responder: 'ana' }, { schedule: 'ml' }, { channel: 'ml' }], ackWithin: minute }],
      repeat: 1,
      fallback: { responder: 'ben' },
      ackTimeout: minute,
      ackTarget: minute,
      resolveTarget: minute,
    },
  },
  repaged: { at: t0, policies: ['ml'] },
  pagedCritical: true,
  escalation: {
    ...exampleIncident().escalation,
    dead: [{ kind: 'schedule', name: 'ml', responder: 'ben' }],
    failed: [{ target: { kind: 'responder', name: 'ana' }, contact: webhook }],
    slow: ['inc-1#1#0'],
  },
  pagedContacts: [
    { target: { kind: 'responder', name: 'ana' }, contact: { kind: 'terminal' }, updated: false },
    { target: { kind: 'schedule', name: 'ml', responder: 'ben' }, contact: webhook, updated: true },
  ],
  messages: [message],
  rollback: {
    name: 'flight-delays',
    deployment: 'flight-delays',
    state: 'verifying',
    requestId: 'r-1',
    from: '7',
    to: '6',
    fingerprint: asFingerprint('0123456789abcdef'),
    reason: 'accuracy fell',
    at: t0,
    awaitsUpstream: true,
    watchMs: minute,
    unproven: 'no values',
    untold: 'it failed',
  },
  deadlines: {
    groupWait: t0,
    acknowledge: t0,
    ackTimeout: t0,
    resolve: t0,
    verify: t0,
    reconsider: t0,
    recheck: t0,
    joined: t0,
    restart: t0,
    steady: t0,
  },
  changes: [{ at: t0, kind: 'fired', fingerprint: asFingerprint('0123456789abcdef'), severity: 'warn' }],
  told: { '[{"channel":"audit"}]': 'warn' },
  flapping: { since: t0, changedAt: t0, text: 'fired 4 times in 36m', severity: 'warn', quiet: minute },
  nextStepAt: t0,
});

const common = {
  id: asEffectId('inc-1#1#2'),
  incidentId: asIncidentId('inc-1'),
  createdAt: t0,
  trace: '00-1-2-01',
  tenant: 'synthetic',
} as const;
const effects: Effect[] = [
  examplePageEffect({
    ...common,
    contacts: [{ kind: 'slack', channel: 'C1' }, { kind: 'sns', topic: 'default' }, webhook, { kind: 'terminal' }],
  }),
  exampleWake(),
  { ...common, kind: 'update_message', message },
  {
    ...common,
    kind: 'digest',
    name: 'weekly',
    lines: ['Nobody was paged'],
    target: { kind: 'channel', name: 'ml' },
    contacts: [{ kind: 'terminal' }],
  },
  {
    ...common,
    kind: 'describe_deployment',
    rollback: 'flight-delays',
    fingerprint: asFingerprint('0123456789abcdef'),
    by: 'tocsin',
    confirms: {
      deployment: 'flight-delays',
      from: '7',
      to: '6',
      requestId: 'r-1',
      providerId: 'p-1',
      already: false,
      at: t0,
    },
  },
  {
    ...common,
    kind: 'rollback',
    rollback: 'flight-delays',
    deployment: 'flight-delays',
    from: '7',
    to: '6',
    revision: 'rev-1',
    requestId: 'r-1',
    by: 'tocsin',
  },
];

const features = exampleFeatures(2);
const histogram = { scale: 9, zeroCount: 1, zeroThreshold: 0, positive: [-3, 2], negative: [4, 1] };
const counts = { seen: 10, nulls: 1, mistyped: 1, outOfRange: 2, unseen: 3 };
const stakes = { valued: 1, sum: 12.5, labelled: 1, labelledSum: 12.5, wrongSum: 0 };
const predictions = examplePredictions({
  stakes,
  features: { distance: counts, v: { seen: 1, nulls: 0 } },
  outcomes: {
    truePositive: 1,
    falsePositive: 1,
    falseNegative: 1,
    numeric: 1,
    errorSum: 0.5,
    absoluteErrorSum: 0.5,
    squaredErrorSum: 0.25,
    probable: 1,
    logLossSum: 0.1,
    brierSum: 0.1,
  },
  scores: {
    probable: 1,
    probabilitySum: 0.5,
    positiveProbable: 1,
    positiveProbabilitySum: 0.5,
    bins: [50, 1, 2],
    predicted: [50, 1, 2],
  },
  duplicates: 1,
  newestAt: t0,
});
const { outcomes, scores, duplicates, newestAt } = predictions;

const timelineData: TimelineData[] = [
  {
    ...{ rule: asRuleId('slow'), fingerprint: asFingerprint('f'), labels: { model: 'm' }, severity: 'info', mutedBy: 'silence' },
    ...{ value: 2, baseline: 1, degradation: 1, group: { model: 'm' }, incident: asIncidentId('inc-2') },
  },
  { ending: 'resolved by a person', returned: 'still fires', stillFiring: 1, late: true, fault: 'counts' },
  {
    ...{ policy: 'duty', tier: 1, step: 'exhausted', cause: 'unreachable', restartsAt: t0, untold: true },
    ...{ reason: 'triggered', target: { kind: 'responder', name: 'ana' }, override: 'ovr-1', contact: 'sns:ana' },
    ...{ effect: asEffectId('inc-1#1#0'), providerId: 'p', failure: 'slow', withheld: 'all muted' },
  },
  {
    ...{ deployment: 'model', from: 'v2', to: 'v1', requestId: 'r', refusal: 'cool-down', offered: true },
    ...{ outcome: 'carried out', watchMs: 60_000 },
  },
  { change: asChangeId('chg-1'), changeKind: 'deploy', from: '7', to: '8', link: 'https://ci.example/1' },
];

export const examples: Examples[] = [
  of('alerts', storedAlert, [
    exampleAlert(),
    alert,
    exampleAlert({ state: 'resolved', watchdog: { source: 'prom', since: t0, seenAt: t0 } }),
    ...baselines.map((baseline) => exampleAlert({ baseline })),
  ]),
  of('incidents', storedIncident, [exampleIncident(), incident]),
  of('entries', storedEntries, [
    [exampleEntry(), ...timelineData.map((data, n) => exampleEntry({ n: n + 1, kind: 'page', data }))],
  ]),
  of('entries of the audit log', storedAuditEntry, [exampleAudit(), exampleAudit({ kind: 'refused', data: {} })]),
  of('effects', storedEffect, effects),
  of('silences', storedSilence, [exampleSilence(), exampleSilence({ match: [{ name: 'model', op: '!~', value: 'a|b' }] })]),
  of('overrides', storedOverride, [exampleOverride(), exampleOverride({ forMs: minute })]),
  of('deployments', storedDeployment, [
    exampleDeployment(),
    exampleDeployment({
      breaker: 'half-open',
      openedAt: t0,
      inFlight: { requestId: 'r-1', incidentId: asIncidentId('inc-1'), from: '7', to: '6', startedAt: t0 },
      rolledBackAt: [t0],
      knownBad: [{ version: '7', at: t0, incidentId: asIncidentId('inc-1') }],
      sighting: { at: t0, main: '6', revision: 'rev-1' },
      served: [{ version: '6', ms: minute, lastAt: t0 }],
    }),
  ]),
  of('accepted baselines', storedAccepted, [exampleAccepted()]),
  of('entries of the history', storedEntry, [
    exampleHistoryEntry({
      provisional: 'estimate',
      of: { points: 3, low: 0.1, high: 0.9 },
      first: { judgedAt: t0, status: 'ok', value: 0.8 },
    }),
  ]),
  of('change', storedChange, [
    exampleChange(),
    exampleChange({ summary: 'Deployed churn v8', from: '7', to: '8', link: 'https://ci.example/1' }),
  ]),
  of('devices', storedDevices, [
    exampleDevices(),
    exampleDevices({ devices: exampleDevices().devices.map((one) => ({ ...one, takenAt: t0 })) }),
  ]),
  of('heartbeats', storedHeartbeat, [
    exampleHeartbeat(),
    exampleHeartbeat({ goneAt: t0 }),
    exampleHeartbeat({
      backAt: t0,
      runs: [
        { endedAt: t0, outcome: 'fail', exitCode: 137 },
        { startedAt: t0, endedAt: t0, outcome: 'lost' },
      ],
    }),
  ]),
  of('what serves', storedServing, [exampleServing({ before: [{ modelVersion: '6', since: t0, until: t0 }] })]),
  of('trainings', storedTraining, [
    exampleTraining(features).value,
    { ...exampleTraining(features).value, features: { distance: { ...counts, kind: 'none' } } },
  ]),
  of('parts of trainings', storedTrainingPart, [{ features: { ...features, v: shapes[0] ?? profileOf([]) } }]),
  of('series', storedSeries, [exampleSeries(), { ...exampleSeries(), by: 'app' }]),
  of('waiting records', storedWaiting, [
    exampleWaiting(),
    exampleWaiting({ state: 'joined', score: 0.5, value: 12.5, label: '1', labelAt: t0, madeAt: t0 }),
    exampleWaiting({ state: 'label', labelCameAt: t0, label: '0', revision: 1, replaced: [{ label: '1', at: t0 }] }),
  ]),
  of('marks', storedMark, [exampleMark(), exampleMark({ source: 'app' })]),
  of('buckets', storedSummary, [
    exampleValues(),
    exampleValues({ sum: Number.POSITIVE_INFINITY, min: Number.NEGATIVE_INFINITY }),
    exampleValues({ histogram, readings: [t0, 1, t0 + 1, 2] }),
    examplePredictions(),
    predictions,
    exampleProfile([1, 2, 'x', null]),
  ]),
  of('details of predictions', storedPredictionDetail, [
    {},
    {
      ...{
        outcomes,
        scores,
        stakes,
        duplicates,
        newestAt,
        spreads: { score: histogram, prediction: histogram, features: { constructor: histogram } },
      },
    },
  ]),
  of('details of samples', storedValueDetail, [{}, { histogram, readings: [t0, 1] }]),
  of('details of profiles', storedProfileDetail, [{ profile: features }]),
];
