import type { Alert } from '../alerts/alert.ts';
import type { Config } from '../config/schema.ts';
import { formatDuration } from '../config/units.ts';
import type { RollbackEffect } from '../deliveries/effect.ts';
import { escalateNow, pageCurrentStep } from '../escalation/escalate.ts';
import { cut } from '../incidents/brief.ts';
import { type Decision, type Draft, draftOf, nothingToPage, resolveIncident } from '../incidents/draft.ts';
import type { Incident, RollbackStep } from '../incidents/incident.ts';
import { type DeploymentState, newDeployment } from './deployment.ts';

/** Used when the rollback has left the config between its decision and its end. */
const verifyDefaultMs = 1_800_000;
const keepTimesMs = 2 * 86_400_000;
/** A deployment is one small record; what was condemned longest ago is forgotten first. */
const maxCondemned = 200;
/** Hooks answer with texts of any length. */
const maxError = 500;

export type RollbackResult = { ok: true; providerId: string; already: boolean } | { ok: false; error: string };

/** The hook has carried the rollback out, or refused. Told to those who were paged; afterwards the rule is watched. */
export function onRolledBack(
  incident: Incident,
  effect: RollbackEffect,
  outcome: RollbackResult,
  deployment: DeploymentState | undefined,
  config: Config,
  now: number,
): Decision {
  const draft = draftOf(incident, config, now);
  const state = deployment ?? newDeployment(effect.deployment);
  const step = draft.incident.rollback?.requestId === effect.requestId ? draft.incident.rollback : undefined;
  if (outcome.ok) {
    const watched = carriedOut(draft, effect, step, outcome);
    draft.deployment = { expected: state.version, value: openBreaker(state, effect, watched, now) };
    return draft.finish();
  }
  const error = cut(outcome.error, maxError);
  const inFlight = state.inFlight?.requestId === effect.requestId ? undefined : state.inFlight;
  // Nobody knows how far it got, so it counts as one: the version it was to leave is no way back, and what fails is not
  // tried again and again.
  draft.deployment = { expected: state.version, value: { ...openBreaker(state, effect, false, now), inFlight } };
  if (step !== undefined) Object.assign(step, { state: 'failed', reason: error, at: now });
  const text = `the rollback of ${effect.deployment} to ${effect.to} failed: ${error}`;
  draft.note('rollback result', text, { data: { requestId: effect.requestId } });
  escalateRemedy(draft, text);
  return draft.finish();
}

/** Returns whether recovery is still to be seen. */
function carriedOut(
  draft: Draft,
  effect: RollbackEffect,
  step: RollbackStep | undefined,
  { providerId, already }: { providerId: string; already: boolean },
): boolean {
  const { incident, now, config } = draft;
  const verify = config.rollbacks[effect.rollback]?.verify ?? verifyDefaultMs;
  const alert = incident.alerts.find(({ fingerprint }) => fingerprint === step?.fingerprint);
  const before =
    incident.status === 'resolved'
      ? 'the incident had been resolved before'
      : alert?.state === 'resolved'
        ? 'the alert had resolved before'
        : undefined;
  const watched = step !== undefined && before === undefined;
  const text = `rolled ${effect.deployment} back from ${effect.from} to ${effect.to}; ${before ?? `watching ${formatDuration(verify)} for recovery`}`;
  if (step !== undefined) {
    const reason = before === undefined ? `rolled back to ${effect.to}` : `rolled back to ${effect.to}; ${before}`;
    Object.assign(step, { state: watched ? 'verifying' : 'succeeded', reason, at: now });
  }
  if (watched) incident.deadlines.verify = now + verify;
  draft.note('rollback result', already ? `${text} (it had been carried out before)` : text, {
    data: { requestId: effect.requestId, providerId },
  });
  if (incident.status === 'resolved') return false;
  const { critical, warn, muted } = incident.counts;
  if (critical + warn === 0 && muted > 0)
    draft.note('page held', 'rollback result: nobody paged, every alert that fires is muted');
  else pageCurrentStep(draft, 'rollback result', text);
  return watched;
}

function openBreaker(state: DeploymentState, effect: RollbackEffect, watched: boolean, now: number): DeploymentState {
  const { requestId, incidentId, from, to } = effect;
  const others = state.condemned.filter(({ version }) => version !== from);
  return {
    ...state,
    breaker: 'open',
    openedAt: now,
    rolledBackAt: [...state.rolledBackAt.filter((at) => at > now - keepTimesMs), now],
    condemned: [...others, { version: from, at: now, incidentId }].slice(-maxCondemned),
    // Still in flight until it is verified, so that no second one is started meanwhile.
    inFlight: watched ? { requestId, incidentId, from, to, startedAt: now } : undefined,
    version: state.version + 1,
  };
}

/**
 * The alert a rollback was to cure has resolved while it was watched: proven, and the incident with it. An alert that
 * ended because nothing judges it any more (`retired`) proves nothing.
 */
export function onRecovered(draft: Draft, alert: Alert, change: string): void {
  const { incident, now } = draft;
  const step = incident.rollback;
  if (step === undefined || step.state !== 'verifying' || step.fingerprint !== alert.fingerprint) return;
  incident.deadlines.verify = undefined;
  if (change === 'retired') {
    Object.assign(step, { state: 'succeeded', reason: `rolled back to ${step.to}; nothing watches it any more`, at: now });
    draft.note('rollback result', `the rollback of ${step.deployment} to ${step.to} cannot be proven: ${alert.reason}`);
    return;
  }
  Object.assign(step, { state: 'succeeded', reason: `recovered after the rollback to ${step.to}`, at: now });
  const after = formatDuration(now - (alert.breachedAt ?? now));
  draft.note(
    'rollback result',
    `${alert.ruleId} recovered ${after} after its last breach: the rollback of ${step.deployment} to ${step.to} is proven`,
  );
  const { critical, warn, muted } = incident.counts;
  if (incident.status !== 'resolved' && critical + warn + muted === 0) {
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
  const withheld = nothingToPage(incident);
  if (withheld === undefined) escalateNow(draft, 'remedy failed', why);
  else draft.note('refused', `not escalated: ${withheld}`);
}

/** Ends the watch on a deployment once its incident's rollback is settled. */
export function releaseDeployment(deployment: DeploymentState | undefined, incident: Incident): Decision['deployment'] {
  if (deployment?.inFlight === undefined || deployment.inFlight.incidentId !== incident.id) return undefined;
  const step = incident.rollback;
  // What runs still runs, also when a person resolves meanwhile; its end releases the deployment.
  const isOver = step?.state === 'succeeded' || step?.state === 'failed';
  if (!isOver || step?.requestId !== deployment.inFlight.requestId) return undefined;
  return { expected: deployment.version, value: { ...deployment, inFlight: undefined, version: deployment.version + 1 } };
}
