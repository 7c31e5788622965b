import type { Alert } from '../../alerting/alerts/alert.ts';
import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
import { isUpstream } from '../../alerting/alerts/mute-reason.ts';
import { graphOf } from '../../alerting/correlation/graph.ts';
import { causeUpstream } from '../../alerting/correlation/upstream.ts';
import { type DeploymentState, type DeploymentView, newDeployment } from '../../remediation/deployments/deployment.ts';
import { sighted } from '../../remediation/deployments/served.ts';
import { decideRollback } from '../../remediation/rollback/decide.ts';
import type { RollbackRefusal } from '../../remediation/rollback/refusal.ts';
import type { Fingerprint } from '../../vocabulary/ids.ts';
import { pagedAs } from '../../vocabulary/severity.ts';
import { cut } from '../../vocabulary/text.ts';
import type { ResponseConfig } from '../config.ts';
import { wasCriticalBefore } from '../flapping/begin.ts';
import { type Decision, type Draft, draftOf } from '../incidents/draft.ts';
import type { Incident, RollbackStep } from '../incidents/incident.ts';
import type { DescribeDeploymentEffect } from '../outbox/effect.ts';

const settled = ['refused', 'offered', 'succeeded', 'failed'];
export const isSettled = ({ state }: RollbackStep): boolean => settled.includes(state);
/** How often a withheld rollback checks whether its cause is over. */
export const reconsiderEveryMs = 60_000;
/** The incident stores what hooks return. */
const maxReason = 500;

/**
 * A critical alert whose rule names a rollback asks the hook what is deployed; once per incident
 * and alert. `before`: the incident as it was before this decision.
 */
export function considerRollback(draft: Draft, alert: Alert, before: Incident): void {
  const name = alert.aboutRule ? undefined : draft.config.rules[alert.ruleId]?.rollback;
  if (name === undefined || alert.severity !== 'critical') return;
  const known = draft.incident.rollback;
  const isDecided = known?.fingerprint === alert.fingerprint && known.awaitsUpstream !== true;
  if (known !== undefined && (isDecided || !settled.includes(known.state))) return;
  if (draft.incident.flapping !== undefined && wasCriticalBefore(before, alert.fingerprint)) {
    withholdWhileFlapping(draft, alert, name);
    return;
  }
  if (draft.config.rollbacks[name] !== undefined) askForDescription(draft, name, alert.fingerprint, 'tocsin');
  else if (known?.name !== name) refuseUnknown(draft, name, alert.fingerprint);
}

/** An alert that comes and goes would return the deployment again and again. A person may. */
function withholdWhileFlapping(draft: Draft, { fingerprint }: Alert, name: string): void {
  const { incident, config, now } = draft;
  const deployment = config.rollbacks[name]?.deployment;
  if (deployment === undefined || incident.rollback !== undefined) return;
  const reason = `it is flapping: ${incident.flapping?.text ?? 'its alert comes and goes'}`;
  const requestId = `${incident.id}-r${incident.version}`;
  incident.rollback = { name, deployment, state: 'offered', requestId, fingerprint, reason, at: now };
  draft.note('rollback refused', `no automatic rollback of ${deployment}: ${reason}; offered as a button`, {
    data: { deployment, refusal: 'flapping', offered: true },
  });
}

/** A person asks for a rollback. This bypasses the limits on automation, but not hard failures. */
export function askForRollback(draft: Draft, actor: string): { ok: true; message: string } | { ok: false; message: string } {
  const { incident, config } = draft;
  const known = incident.rollback;
  if (known !== undefined && !settled.includes(known.state)) {
    return { ok: false, message: `a rollback of ${known.deployment} is already ${known.state}` };
  }
  const summary = incident.alerts.find((alert) => alert.rollback !== undefined && alert.state !== 'resolved');
  if (summary?.rollback === undefined) return { ok: false, message: `no alert that fires in ${incident.id} names a rollback` };
  const { rollback, fingerprint } = summary;
  if (config.rollbacks[rollback] === undefined) {
    return { ok: false, message: `the rollback ${rollback} is no longer in the config` };
  }
  const { deployment } = config.rollbacks[rollback];
  draft.note('rollback', `${actor} asked for the rollback ${rollback}`, { actor, data: { deployment } });
  askForDescription(draft, rollback, fingerprint, actor);
  return { ok: true, message: `rollback ${rollback} requested by ${actor}; the result will be on the timeline` };
}

/**
 * Withholds the automatic rollback of a critical alert with an upstream cause: an earlier version
 * would read the same bad data. A person may still ask for it. Reconsidered when the alert fires
 * without the cause.
 */
export function withholdRollback(draft: Draft, alert: Alert, cause: string): void {
  const { incident, config, now } = draft;
  const name = alert.aboutRule ? undefined : config.rules[alert.ruleId]?.rollback;
  const rollback = name === undefined ? undefined : config.rollbacks[name];
  if (name === undefined || rollback === undefined || alert.severity !== 'critical' || incident.rollback !== undefined) return;
  const reason = upstreamRefusal(cause);
  incident.rollback = {
    name,
    deployment: rollback.deployment,
    state: 'offered',
    requestId: `${incident.id}-r${incident.version}`,
    fingerprint: alert.fingerprint,
    reason,
    at: now,
    awaitsUpstream: true,
  };
  incident.deadlines.reconsider = now + reconsiderEveryMs;
  draft.note('rollback refused', `no automatic rollback of ${rollback.deployment}: ${reason}; offered as a button`, {
    data: { deployment: rollback.deployment, refusal: 'upstream cause', offered: true },
  });
}

/** Checks whether the cause that withheld a rollback is over. If so, asks the hook. */
export function onReconsider(draft: Draft, causes: Causes): void {
  const { incident, now, config } = draft;
  const step = incident.rollback;
  if (step === undefined || step.state !== 'offered' || step.awaitsUpstream !== true) return;
  const summary = incident.alerts.find(({ fingerprint }) => fingerprint === step.fingerprint);
  const isOver = summary?.state === 'firing' && summary.severity === 'critical' && causeOf(summary, causes) === undefined;
  if (isOver && config.rollbacks[step.name] !== undefined) askForDescription(draft, step.name, step.fingerprint, 'tocsin');
  else incident.deadlines.reconsider = now + reconsiderEveryMs;
}

const upstreamRefusal = (cause: string): string => cut(`another version would read the same data (${cause})`, maxReason);

function refuseUnknown(draft: Draft, name: string, fingerprint: Fingerprint): void {
  const { incident, now } = draft;
  const reason = `the rollback ${name} is no longer in the config`;
  const requestId = `${incident.id}-r${incident.version}`;
  incident.rollback = { name, deployment: name, state: 'refused', requestId, fingerprint, reason, at: now };
  draft.note('rollback refused', reason, { data: { deployment: name, refusal: 'not in the config' } });
}

function askForDescription(draft: Draft, name: string, fingerprint: Fingerprint, by: string): void {
  const { incident, config, now } = draft;
  const rollback = config.rollbacks[name];
  if (rollback === undefined) return;
  incident.rollback = {
    name,
    deployment: rollback.deployment,
    state: 'inspecting',
    requestId: `${incident.id}-r${incident.version}`,
    fingerprint,
    reason: `asked what ${rollback.deployment} serves`,
    at: now,
  };
  incident.deadlines.reconsider = undefined;
  draft.emit({ kind: 'describe_deployment', rollback: name, fingerprint, by });
}

/**
 * Returns the open upstream cause of an alert, in words, among all firing alerts of every incident.
 */
export type Causes = (alert: AlertSummary) => string | undefined;

const causeOf = (summary: AlertSummary, causes: Causes): string | undefined =>
  isUpstream(summary.muted) ? summary.muted.text : causes(summary);

/** The hook reported what is deployed (or failed): go, refuse, or offer it to a person. */
export function onInspected(
  incident: Incident,
  effect: DescribeDeploymentEffect,
  view: DeploymentView | { error: string },
  deployment: DeploymentState | undefined,
  config: ResponseConfig,
  now: number,
  causes: Causes = (alert) => causeUpstream(graphOf(config), alert, incident.alerts),
): Decision {
  const draft = draftOf(incident, config, now);
  const step = draft.incident.rollback;
  const rollback = config.rollbacks[effect.rollback];
  if (step === undefined || step.state !== 'inspecting') return draft.finish();
  const summary = incident.alerts.find((alert) => alert.fingerprint === effect.fingerprint);
  const refuse = (refusal: RollbackRefusal, text: string, offer: boolean, where = ''): Decision => {
    const reason = cut(text, maxReason);
    Object.assign(step, { state: offer ? 'offered' : 'refused', reason, at: now });
    draft.note(
      'rollback refused',
      `no ${effect.by === 'tocsin' ? 'automatic ' : ''}rollback of ${step.deployment}: ${reason}${where}${offer ? '; offered as a button' : ''}`,
      { data: { deployment: step.deployment, from: step.from, to: step.to, refusal, ...(offer ? { offered: true } : {}) } },
    );
    return draft.finish();
  };
  if (incident.status === 'resolved' || summary?.state === 'resolved') {
    const decision = refuse('alert resolved', 'the alert has resolved since', false);
    // Nothing was decided, so it is reconsidered when the alert fires again.
    decision.incident.rollback = undefined;
    return decision;
  }
  if (rollback === undefined)
    return refuse('not in the config', `the rollback ${effect.rollback} is no longer in the config`, false);
  const cause = effect.by === 'tocsin' && summary !== undefined ? causeOf(summary, causes) : undefined;
  if (cause !== undefined) {
    step.awaitsUpstream = true;
    draft.incident.deadlines.reconsider = now + reconsiderEveryMs;
    return refuse('upstream cause', upstreamRefusal(cause), true);
  }
  if ('error' in view) return refuse('hook failed', `the hook failed to report what is deployed: ${view.error}`, true);
  const state = deployment ?? newDeployment(rollback.deployment);
  const seen = sighted(state, view, now);
  const verdict = decideRollback({
    rollback,
    severity: pagedAs(summary?.severity ?? incident.severity),
    deployment: seen,
    view,
    alertVersion: summary?.labels['version'],
    byPerson: effect.by !== 'tocsin',
    now,
  });
  if (!verdict.go) {
    const { offer, from, to, isDoubted, code, reason } = verdict;
    if (offer) Object.assign(step, { from, to });
    return refuse(code, reason, offer, isDoubted ? ` (from ${from} to ${to})` : '');
  }

  Object.assign(step, { state: 'running', from: verdict.from, to: verdict.to, reason: verdict.reason, at: now });
  draft.deployment = {
    expected: state.version,
    value: {
      ...seen,
      inFlight: { requestId: step.requestId, incidentId: incident.id, from: verdict.from, to: verdict.to, startedAt: now },
      version: state.version + 1,
    },
  };
  draft.note('rollback', `rolling ${rollback.deployment} back from ${verdict.from} to ${verdict.to}: ${verdict.reason}`, {
    actor: effect.by,
    data: { deployment: rollback.deployment, requestId: step.requestId, from: verdict.from, to: verdict.to },
  });
  draft.emit({
    kind: 'rollback',
    rollback: effect.rollback,
    deployment: rollback.deployment,
    from: verdict.from,
    to: verdict.to,
    revision: verdict.revision,
    requestId: step.requestId,
    by: effect.by,
  });
  return draft.finish();
}
