import type { Alert } from '../alerts/alert.ts';
import type { Config, RollbackConfig } from '../config/schema.ts';
import { formatDuration } from '../config/units.ts';
import { advance, pageCurrentStep, trigger } from '../escalation/escalate.ts';
import { type Decision, type Draft, draftOf, resolveIncident } from '../incidents/draft.ts';
import type { InspectEffect, RollbackEffect } from '../deliveries/effect.ts';
import type { Incident } from '../incidents/incident.ts';
import { decideRollback } from './decide.ts';
import type { DeploymentState, DeploymentView } from './deployment.ts';

const settled = ['refused', 'offered', 'succeeded', 'failed'];

/** A critical alert whose rule names a rollback asks the hook what is deployed; once an incident and alert. */
export function considerRollback(draft: Draft, alert: Alert): void {
  const name = alert.aboutRule ? undefined : draft.config.rules[alert.ruleId]?.rollback;
  if (name === undefined || alert.severity !== 'critical') return;
  const known = draft.incident.rollback;
  if (known !== undefined && (known.fingerprint === alert.fingerprint || !settled.includes(known.state))) return;
  inspect(draft, name, alert.fingerprint, 'tocsin');
}

export function askForRollback(draft: Draft, actor: string): { ok: true; message: string } | { ok: false; reason: string } {
  const known = draft.incident.rollback;
  if (known !== undefined && !settled.includes(known.state)) return { ok: false, reason: `a rollback of ${known.deployment} is already ${known.state}` };
  const brief = draft.incident.alerts.find((alert) => alert.rollback !== undefined && alert.state !== 'resolved');
  if (brief?.rollback === undefined) return { ok: false, reason: `no alert that fires in ${draft.incident.id} names a rollback` };
  draft.note('rollback', `${actor} asked for the rollback ${brief.rollback}`, { actor });
  inspect(draft, brief.rollback, brief.fingerprint, actor);
  return { ok: true, message: `rollback ${brief.rollback} requested by ${actor}; its result will be on the timeline` };
}

function inspect(draft: Draft, name: string, fingerprint: string, by: string): void {
  const { incident, config, now } = draft;
  const rollback = config.rollbacks[name];
  if (rollback === undefined) {
    draft.note('rollback refused', `the rollback ${name} is no longer in the config`);
    return;
  }
  incident.rollback = {
    name,
    deployment: rollback.deployment,
    state: 'inspecting',
    requestId: `${incident.id}-r${incident.version}`,
    fingerprint,
    reason: `asked what ${rollback.deployment} serves`,
    at: now,
  };
  draft.emit({ kind: 'inspect', rollback: name, fingerprint, by });
}

/** The hook has said what is deployed (or that it cannot): go, refuse, or offer it to a person. */
export function onInspected(
  incident: Incident,
  effect: InspectEffect,
  view: DeploymentView | { error: string },
  deployment: DeploymentState | undefined,
  config: Config,
  now: number,
): Decision {
  const draft = draftOf(incident, config, now);
  const step = draft.incident.rollback;
  const rollback = config.rollbacks[effect.rollback];
  if (step === undefined || step.state !== 'inspecting') return draft.finish();
  const brief = incident.alerts.find((alert) => alert.fingerprint === effect.fingerprint);
  const refuse = (reason: string, offer: boolean): Decision => {
    Object.assign(step, { state: offer ? 'offered' : 'refused', reason, at: now });
    draft.note('rollback refused', `no ${effect.by === 'tocsin' ? 'automatic ' : ''}rollback of ${step.deployment}: ${reason}${offer ? '; offered as a button' : ''}`);
    return draft.finish();
  };
  if (incident.status === 'resolved' || brief?.state === 'resolved') return refuse('the alert has resolved meanwhile', false);
  if (rollback === undefined) return refuse(`the rollback ${effect.rollback} is no longer in the config`, false);
  if ('error' in view) return refuse(`the hook could not say what is deployed: ${view.error}`, true);
  const verdict = decideRollback({ rollback, severity: brief?.severity ?? incident.severity, deployment, view, byPerson: effect.by !== 'tocsin', now });
  if (!verdict.go) return refuse(verdict.reason, verdict.offer);

  Object.assign(step, { state: 'running', from: verdict.from, to: verdict.to, reason: verdict.reason, at: now });
  const state: DeploymentState = deployment ?? { name: rollback.deployment, breaker: 'closed', rolledBackAt: [], condemned: [], version: 0 };
  draft.deployment = {
    expected: state.version,
    value: { ...state, inFlight: { requestId: step.requestId, incidentId: incident.id, from: verdict.from, to: verdict.to, startedAt: now }, version: state.version + 1 },
  };
  draft.note('rollback', `rolling ${rollback.deployment} back from ${verdict.from} to ${verdict.to}: ${verdict.reason}`, {
    actor: effect.by,
    data: { requestId: step.requestId, from: verdict.from, to: verdict.to },
  });
  draft.emit({ kind: 'rollback', rollback: effect.rollback, deployment: rollback.deployment, from: verdict.from, to: verdict.to, revision: verdict.revision, requestId: step.requestId });
  return draft.finish();
}

/** The hook has carried the rollback out, or refused. Told to those who were paged; afterwards the rule is watched. */
export function onRolledBack(
  incident: Incident,
  effect: RollbackEffect,
  outcome: { ok: true; providerId: string; already: boolean } | { ok: false; error: string },
  deployment: DeploymentState | undefined,
  config: Config,
  now: number,
): Decision {
  const draft = draftOf(incident, config, now);
  const rollback: RollbackConfig | undefined = config.rollbacks[effect.rollback];
  const step = draft.incident.rollback;
  const mine = step !== undefined && step.requestId === effect.requestId ? step : undefined;
  const state: DeploymentState = deployment ?? { name: effect.deployment, breaker: 'closed', rolledBackAt: [], condemned: [], version: 0 };
  const free: DeploymentState = { ...state, inFlight: undefined, version: state.version + 1 };
  if (!outcome.ok) {
    if (mine !== undefined) Object.assign(mine, { state: 'failed', reason: outcome.error, at: now });
    draft.deployment = { expected: state.version, value: free };
    draft.note('rollback result', `the rollback of ${effect.deployment} to ${effect.to} failed: ${outcome.error}`, { data: { requestId: effect.requestId } });
    escalateRemedy(draft, `the rollback of ${effect.deployment} failed: ${outcome.error}`);
    return draft.finish();
  }
  const verify = rollback?.verify ?? 1_800_000;
  draft.deployment = {
    expected: state.version,
    value: {
      ...state,
      breaker: 'open',
      openedAt: now,
      rolledBackAt: [...state.rolledBackAt.filter((at) => at > now - 2 * 86_400_000), now],
      condemned: [...state.condemned.filter(({ version }) => version !== effect.from), { version: effect.from, at: now, incidentId: incident.id }],
      // Still in flight until verified, so that no second one is started meanwhile.
      inFlight: { requestId: effect.requestId, incidentId: incident.id, from: effect.from, to: effect.to, startedAt: now },
      version: state.version + 1,
    },
  };
  if (incident.status === 'resolved') draft.deployment.value.inFlight = undefined;
  if (mine !== undefined) {
    Object.assign(mine, { state: incident.status === 'resolved' ? 'succeeded' : 'verifying', reason: `rolled back to ${effect.to}`, at: now });
    if (incident.status !== 'resolved') draft.incident.deadlines.verify = now + verify;
  }
  const text = `rolled ${effect.deployment} back from ${effect.from} to ${effect.to}; watching ${formatDuration(verify)} for recovery`;
  draft.note('rollback result', outcome.already ? `${text} (it had been carried out before)` : text, { data: { requestId: effect.requestId, providerId: outcome.providerId } });
  if (incident.status !== 'resolved') pageCurrentStep(draft, 'rollback result', text);
  return draft.finish();
}

/** The alert a rollback was to cure has resolved while it was watched: proven, and the incident with it. */
export function onRecovered(draft: Draft, alert: Alert): void {
  const { incident, now } = draft;
  const step = incident.rollback;
  if (step === undefined || step.state !== 'verifying' || step.fingerprint !== alert.fingerprint) return;
  Object.assign(step, { state: 'succeeded', reason: `recovered after the rollback to ${step.to}`, at: now });
  incident.deadlines.verify = undefined;
  draft.note('rollback result', `${alert.ruleId} recovered ${formatDuration(now - (alert.breachedAt ?? now))} after its last breach: the rollback of ${step.deployment} to ${step.to} is proven`);
  if (incident.status !== 'resolved' && incident.counts.critical + incident.counts.warn === 0) {
    resolveIncident(draft, 'tocsin', `recovered after the rollback of ${step.deployment} from ${step.from} to ${step.to}`);
  }
}

/** The watch is over and the alert still fires. */
export function onVerifyDeadline(draft: Draft): void {
  const { incident, now } = draft;
  const step = incident.rollback;
  if (step === undefined || step.state !== 'verifying') return;
  Object.assign(step, { state: 'failed', reason: `not recovered after the rollback to ${step.to}`, at: now });
  const why = `remedy failed: ${step.deployment} has not recovered on ${step.to}`;
  draft.note('rollback result', why);
  escalateRemedy(draft, why);
}

/** A failed remedy goes straight to the next tier, also past an acknowledge: what was relied on is gone. */
function escalateRemedy(draft: Draft, why: string): void {
  const { incident } = draft;
  if (incident.status === 'resolved') return;
  if (incident.status === 'waiting' || incident.escalation.tier === 0) {
    trigger(draft, 'remedy failed', why);
    return;
  }
  incident.status = 'triggered';
  incident.acknowledgedAt = undefined;
  incident.acknowledgedBy = undefined;
  incident.deadlines.ackTimeout = undefined;
  advance(draft, 'remedy failed', why);
}

/** Ends the watch on a deployment once its incident's rollback is settled. */
export function releaseDeployment(deployment: DeploymentState | undefined, incident: Incident): Decision['deployment'] {
  if (deployment?.inFlight === undefined || deployment.inFlight.incidentId !== incident.id) return undefined;
  const step = incident.rollback;
  const over = incident.status === 'resolved' || step === undefined || step.state === 'succeeded' || step.state === 'failed';
  if (!over || step?.requestId !== deployment.inFlight.requestId) return undefined;
  return { expected: deployment.version, value: { ...deployment, inFlight: undefined, version: deployment.version + 1 } };
}
