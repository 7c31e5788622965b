import type { Alert } from '../../alerting/alerts/alert.ts';
import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import type { Heartbeat, Run } from '../../alerting/heartbeats/heartbeat.ts';
import type { Silence } from '../../alerting/silences/silence.ts';
import type { Provisional } from '../../detection/verdict.ts';
import type { DeploymentState } from '../../remediation/deployments/deployment.ts';
import type { StateChange } from '../../response/flapping/state-change.ts';
import type { Deadlines, FlappingState, Incident, Related, RollbackStep } from '../../response/incidents/incident.ts';
import type { Override } from '../../response/oncall/override.ts';
import type { Effect, StoredEffect } from '../../response/outbox/effect.ts';
import { by, eachBy, happened, moved, type Plan, rebased } from './plan.ts';
import type { ClockStep } from './step.ts';

/*
 * What a clock step does to every stored time. Times of samples and everything that refers to them
 * (baselines, windows) stay: they belong to the senders. So does the timeline. A new field in one
 * of these records needs its fate here.
 */

const external: Plan<NonNullable<Alert['external']>> = {
  source: 'stays',
  title: 'stays',
  runbook: 'stays',
  owner: 'stays',
  link: 'stays',
  // The sender's time. A made-up start from a clock that was ahead would make every later post look
  // old.
  startsAt: 'happened',
  endsAt: 'moves',
  timeout: 'stays',
  judgedAt: 'happened',
  cuts: 'stays',
};

const provisional: Plan<Provisional> = {
  at: 'stays',
  value: 'stays',
  count: 'stays',
  labelled: 'stays',
  estimate: 'stays',
  until: 'moves',
};

const alert: Plan<Alert> = {
  fingerprint: 'stays',
  ruleId: 'stays',
  labels: 'stays',
  category: 'stays',
  groupKey: 'stays',
  groupLabels: 'stays',
  state: 'stays',
  severity: 'stays',
  since: 'moves',
  firedAt: 'moves',
  resolvedAt: 'moves',
  breachedAt: 'moves',
  belowSince: 'moves',
  // A time of its samples, like its spans.
  breachedFrom: (at, step) => happened(at, step),
  evaluatedAt: 'moves',
  // A time of its samples.
  pointAt: 'stays',
  awaitsValues: 'stays',
  // Times of its sender.
  traces: 'stays',
  reason: 'stays',
  value: 'stays',
  count: 'stays',
  degradation: 'stays',
  drift: 'stays',
  bound: 'stays',
  baseline: 'stays',
  pinned: 'stays',
  provisional: by(provisional),
  settled: 'stays',
  muted: 'stays',
  // Spans of samples. Future ones, from a clock that was ahead, would later keep good points out of
  // a baseline.
  excluded: (spans, step) => spans.map(({ from, to }) => ({ from: happened(from, step), to: happened(to, step) })),
  joined: 'stays',
  external: by(external),
  aboutRule: 'stays',
  refusals: (all, step) =>
    Object.fromEntries(Object.entries(all).map(([key, one]) => [key, { ...one, since: moved(one.since, step) }])),
  cut: 'stays',
  watchdog: ({ source, since, seenAt }, step) => ({
    source,
    since: moved(since, step),
    ...(seenAt === undefined ? {} : { seenAt: moved(seenAt, step) }),
  }),
  heartbeat: 'stays',
  registry: 'stays',
  tenant: 'stays',
  version: 'stays',
};

const summary: Plan<AlertSummary> = {
  fingerprint: 'stays',
  ruleId: 'stays',
  title: 'stays',
  labels: 'stays',
  category: 'stays',
  tenant: 'stays',
  aboutRule: 'stays',
  severity: 'stays',
  state: 'stays',
  since: 'moves',
  judgedAt: 'moves',
  unjudged: ({ since, reason }, step) => ({ since: moved(since, step), reason }),
  reason: 'stays',
  value: 'stays',
  degradation: 'stays',
  drift: 'stays',
  baseline: 'stays',
  bound: 'stays',
  traces: 'stays',
  provisional: 'stays',
  settled: 'stays',
  owner: 'stays',
  runbook: 'stays',
  link: 'stays',
  rollback: 'stays',
  muted: 'stays',
  cuts: 'stays',
};

const rollback: Plan<RollbackStep> = {
  name: 'stays',
  deployment: 'stays',
  state: 'stays',
  requestId: 'stays',
  from: 'stays',
  to: 'stays',
  fingerprint: 'stays',
  reason: 'stays',
  at: 'moves',
  awaitsUpstream: 'stays',
  watchMs: 'stays',
  unproven: 'stays',
  untold: 'stays',
};

const deadlines: Plan<Deadlines> = {
  groupWait: 'moves',
  acknowledge: 'moves',
  ackTimeout: 'moves',
  resolve: 'moves',
  verify: 'moves',
  recheck: 'moves',
  joined: 'moves',
  reconsider: 'moves',
  restart: 'moves',
  steady: 'moves',
};

const flapping: Plan<FlappingState> = {
  since: 'moves',
  changedAt: 'moves',
  text: 'stays',
  severity: 'stays',
  quiet: 'stays',
};
const change: Plan<StateChange> = { at: 'moves', kind: 'stays', fingerprint: 'stays', severity: 'stays' };

const related: Plan<Related> = { id: 'stays', title: 'stays', why: 'stays', at: 'moves' };

const incident: Plan<Incident> = {
  id: 'stays',
  tenant: 'stays',
  groupKey: 'stays',
  groupLabels: 'stays',
  title: 'stays',
  titledBy: 'stays',
  status: 'stays',
  severity: 'stays',
  worst: 'stays',
  category: 'stays',
  openedAt: 'moves',
  since: 'moves',
  acknowledgedAt: 'moves',
  acknowledgedBy: 'stays',
  acknowledgedSeverity: 'stays',
  resolvedAt: 'moves',
  resolvedBy: 'stays',
  resolveReason: 'stays',
  resolvedWhileFiring: 'stays',
  reopened: 'stays',
  reopenedAt: 'moves',
  counts: 'stays',
  alerts: eachBy(summary),
  // By the clock of whoever says so.
  whatChanged: 'stays',
  causes: 'stays',
  related: eachBy(related),
  policies: 'stays',
  routing: 'stays',
  policyKey: 'stays',
  escalation: 'stays',
  joinedPagedAt: 'moves',
  joinedUnpaged: 'stays',
  repaged: (one, step) => ({ ...one, at: moved(one.at, step) }),
  paged: 'stays',
  pagedCritical: 'stays',
  pagedContacts: 'stays',
  messages: 'stays',
  rollback: by(rollback),
  told: 'stays',
  changes: eachBy(change),
  flapping: by(flapping),
  deadlines: by(deadlines),
  nextStepAt: 'moves',
  generation: 'stays',
  version: 'stays',
};

const common = {
  id: 'stays',
  incidentId: 'stays',
  createdAt: 'moves',
  trace: 'stays',
  tenant: 'stays',
  kind: 'stays',
} as const;

const effects: { readonly [K in Effect['kind']]: Plan<Extract<Effect, { kind: K }>> } = {
  page: {
    ...common,
    reason: 'stays',
    why: 'stays',
    severity: 'stays',
    tier: 'stays',
    target: 'stays',
    contacts: 'stays',
    contactIndex: 'stays',
    step: 'stays',
  },
  digest: { ...common, name: 'stays', lines: 'stays', target: 'stays', contacts: 'stays' },
  update_message: { ...common, message: 'stays' },
  timer: { ...common, at: 'moves', generation: 'stays' },
  describe_deployment: {
    ...common,
    rollback: 'stays',
    fingerprint: 'stays',
    by: 'stays',
    confirms: (one, step) => ({ ...one, at: moved(one.at, step) }),
  },
  rollback: {
    ...common,
    rollback: 'stays',
    deployment: 'stays',
    from: 'stays',
    to: 'stays',
    revision: 'stays',
    requestId: 'stays',
    by: 'stays',
  },
};

const storedEffect: Plan<StoredEffect> = {
  effect: (one, step) => rebased(effects[one.kind] as Plan<Effect>, one, step),
  attempts: 'stays',
  notBefore: 'moves',
  firstTriedAt: 'moves',
  lastError: 'stays',
  done: 'stays',
};

const silence: Plan<Silence> = {
  id: 'stays',
  match: 'stays',
  from: 'moves',
  until: 'moves',
  by: 'stays',
  comment: 'stays',
  version: 'stays',
};

const override: Plan<Override> = {
  id: 'stays',
  schedule: 'stays',
  responder: 'stays',
  from: 'stays',
  until: 'stays',
  at: 'stays',
  by: 'stays',
  comment: 'stays',
  forMs: 'stays',
  version: 'stays',
};

const deployment: Plan<DeploymentState> = {
  name: 'stays',
  lost: 'stays',
  breaker: 'stays',
  openedAt: 'moves',
  inFlight: (one, step) => ({ ...one, startedAt: moved(one.startedAt, step) }),
  rolledBackAt: (all, step) => all.map((at) => moved(at, step)),
  // Serving times come from differences between sightings.
  sighting: (one, step) => ({ ...one, at: moved(one.at, step) }),
  served: (all, step) => all.map((one) => ({ ...one, lastAt: moved(one.lastAt, step) })),
  knownBad: (all, step) => all.map((one) => ({ ...one, at: happened(one.at, step) })),
  version: 'stays',
};

const run: Plan<Run> = {
  id: 'stays',
  startedAt: 'moves',
  progress: ({ done, at, movedAt }, step) => ({ done, at: moved(at, step), movedAt: moved(movedAt, step) }),
  endedAt: 'moves',
  outcome: 'stays',
  exitCode: 'stays',
  log: 'stays',
};

const heartbeat: Plan<Heartbeat> = {
  name: 'stays',
  schedule: 'stays',
  since: 'moves',
  goneAt: 'moves',
  backAt: 'moves',
  beganAt: 'moves',
  succeeded: ({ beganAt, endedAt }, step) => ({ beganAt: moved(beganAt, step), endedAt: moved(endedAt, step) }),
  runs: eachBy(run),
  version: 'stays',
};

export const rebasedHeartbeat = by(heartbeat);
export const rebasedAlert = by(alert);
export const rebasedIncident = by(incident);
export const rebasedEffect = by(storedEffect);
export const rebasedSilence = by(silence);
export const rebasedDeployment = by(deployment);

/** A duration counts from creation; a time of day (`until 17:00`) follows the corrected clock. */
export const rebasedOverride = (value: Override, step: ClockStep): Override =>
  value.forMs === undefined
    ? rebased(override, value, step)
    : { ...value, from: moved(value.from, step), until: moved(value.until, step) };
