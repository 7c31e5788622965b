import type { Alert } from '../../alerting/alerts/alert.ts';
import type { AlertChangeKind } from '../../alerting/alerts/change-kind.ts';
import { type DeploymentState, newDeployment } from '../../remediation/deployments/deployment.ts';
import { condemn, openBreaker } from '../../remediation/rollback/breaker.ts';
import { asFingerprint } from '../../vocabulary/ids.ts';
import { pagedAs } from '../../vocabulary/severity.ts';
import { cut } from '../../vocabulary/text.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { ResponseConfig } from '../config.ts';
import { contactKey } from '../contacts/contact.ts';
import { escalateNow, pageCurrentStep } from '../escalation/escalate.ts';
import { targetText } from '../escalation/page-target.ts';
import {
  type Decision,
  type Draft,
  draftOf,
  type Flight,
  nothingToPage,
  resolveIncident,
  rollbackData,
  tocsin,
} from '../incidents/draft.ts';
import type { Incident } from '../incidents/incident.ts';
import type { RollbackEffect } from '../outbox/effect.ts';
import { unprovenBy } from './proof.ts';

/** Hooks answer with texts of any length. */
const maxError = 500;

export type RollbackResult = { ok: true; providerId: string; already: boolean } | { ok: false; error: string };

/** The hook reports success and is asked what serves; or it refused, and somebody is paged. */
export function onRolledBack(
  incident: Incident,
  effect: RollbackEffect,
  outcome: RollbackResult,
  deployment: DeploymentState | undefined,
  config: ResponseConfig,
  now: number,
): Decision {
  const draft = draftOf(incident, config, now);
  const state = deployment ?? newDeployment(effect.deployment);
  const step = draft.incident.rollback?.requestId === effect.requestId ? draft.incident.rollback : undefined;
  const { rollback, requestId, from, to, by } = effect;
  // A failed rollback may have been partly done, so it counts, and is not retried.
  const opened = openBreaker(state, by, now);
  if (outcome.ok) {
    draft.deployment = { expected: state.version, value: { ...opened, version: state.version + 1 } };
    if (step !== undefined) {
      const reason = `the hook of ${effect.deployment} says that it has returned to ${to}; asked what serves`;
      Object.assign(step, { state: 'confirming', reason, at: now });
    }
    const { providerId, already } = outcome;
    const confirms = { deployment: effect.deployment, from, to, requestId, providerId, already, at: now };
    draft.emit({ kind: 'describe_deployment', rollback, fingerprint: step?.fingerprint ?? asFingerprint(''), by, confirms });
    return draft.finish();
  }
  const error = cut(outcome.error, maxError);
  const inFlight = state.inFlight?.requestId === requestId ? undefined : state.inFlight;
  // For the same reason the version it was to replace is never a target to roll back to.
  const value = { ...condemn(opened, { version: from, at: now, incidentId: effect.incidentId }), inFlight };
  draft.deployment = { expected: state.version, value: { ...value, version: state.version + 1 } };
  if (step !== undefined) Object.assign(step, { state: 'failed', reason: error, at: now, unproven: undefined });
  const text = `the rollback of ${effect.deployment} to ${to} failed: ${error}`;
  draft.note('rollback result', text, { data: { ...rollbackData(effect), outcome: 'failed' } });
  escalateRemedy(draft, text);
  return draft.finish();
}

/**
 * The alert that a rollback was to cure has ended. A healthy value after the rollback proves it; if
 * nothing else fires, the incident ends. Any other end proves nothing: the incident stays open and
 * the watch goes on.
 */
export function onRecovered(draft: Draft, alert: Alert, change: AlertChangeKind): void {
  const { incident, now } = draft;
  const step = incident.rollback;
  if (step === undefined || step.fingerprint !== alert.fingerprint) return;
  const { deployment, from, to } = step;
  const unproven = unprovenBy(alert, change, step.at);
  if (step.state === 'running' || step.state === 'confirming') step.unproven = unproven;
  const isLate = step.state === 'failed' && step.unproven !== undefined;
  if (step.state !== 'verifying' && !isLate) return;
  if (unproven !== undefined) {
    const isNews = step.unproven !== unproven;
    step.unproven = unproven;
    if (isNews)
      draft.note('rollback result', `the rollback of ${deployment} to ${to} is unproven: ${unproven}`, {
        data: { ...rollbackData(step), outcome: 'unproven' },
      });
    return;
  }
  incident.deadlines.verify = undefined;
  Object.assign(step, { state: 'succeeded', reason: `recovered after the rollback to ${to}`, at: now, unproven: undefined });
  const after = formatDuration(now - (alert.breachedAt ?? now));
  draft.note(
    'rollback result',
    `${alert.ruleId} recovered ${after} after its last breach: the rollback of ${deployment} to ${to} is proven`,
    { data: { ...rollbackData(step), outcome: 'proven' } },
  );
  const { critical, warn, muted } = incident.counts;
  if (incident.status !== 'resolved' && incident.flapping === undefined && critical + warn + muted === 0) {
    resolveIncident(draft, tocsin, 'rollback proven', `recovered after the rollback of ${deployment} from ${from} to ${to}`);
  }
}

/** The watch is over, and the alert still fires or ended without proof. */
export function onVerifyDeadline(draft: Draft): void {
  const { incident, now } = draft;
  const step = incident.rollback;
  if (step === undefined || step.state !== 'verifying') return;
  const alert = incident.alerts.find(({ fingerprint }) => fingerprint === step.fingerprint);
  const { unproven } = step;
  if (unproven !== undefined && alert?.state === 'resolved') {
    Object.assign(step, { state: 'failed', reason: `rolled back to ${step.to}, unproven: ${unproven}`, at: now });
    const why = `remedy unproven: ${unproven}`;
    draft.note('rollback result', why, { data: { ...rollbackData(step), outcome: 'ended unproven' } });
    escalateRemedy(draft, why);
    return;
  }
  const reason = `not recovered after the rollback to ${step.to}`;
  Object.assign(step, { state: 'failed', reason, at: now, unproven: undefined });
  const why = `remedy failed: ${step.deployment} has not recovered on ${step.to}`;
  draft.note('rollback result', why, { data: { ...rollbackData(step), outcome: 'not recovered' } });
  escalateRemedy(draft, why);
}

/**
 * A failed remedy pages the next tier at once, even if acknowledged: what people relied on is gone.
 */
export function escalateRemedy(draft: Draft, why: string): void {
  const { incident } = draft;
  if (incident.status === 'resolved') {
    tellAfterEnd(draft, why);
    return;
  }
  const withheld = nothingToPage(incident);
  if (withheld === undefined) {
    escalateNow(draft, 'remedy failed', why);
    return;
  }
  draft.note('refused', `not escalated: ${withheld.text}`, { data: { withheld: withheld.code } });
  if (incident.rollback !== undefined && incident.counts.muted > 0) incident.rollback.untold = why;
}

/**
 * Production changed, or was to change, after a person resolved the incident: tells everyone who
 * was paged about it.
 */
export function tellAfterEnd(draft: Draft, why: string): void {
  const { severity, escalation, pagedContacts } = draft.incident;
  const told = new Map(pagedContacts.map((paged) => [contactKey(paged.contact), paged]));
  if (told.size === 0) {
    pageCurrentStep(draft, 'rollback result', why);
    return;
  }
  const { tier, step } = escalation;
  for (const { target, contact } of told.values()) {
    draft.note('page', `rollback result: page ${targetText(target)}: ${why}`, {
      data: { tier, reason: 'rollback result', target },
    });
    draft.emit({
      kind: 'page',
      reason: 'rollback result',
      why,
      severity: pagedAs(severity),
      tier,
      target,
      contacts: [contact],
      contactIndex: 0,
      step,
    });
  }
}

/** Unlocks the deployment of a rollback that is no longer running. */
export function releaseDeployment(deployment: DeploymentState | undefined, { requestId }: Flight): Decision['deployment'] {
  if (deployment?.inFlight?.requestId !== requestId) return undefined;
  return { expected: deployment.version, value: { ...deployment, inFlight: undefined, version: deployment.version + 1 } };
}
