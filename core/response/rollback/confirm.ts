import { type DeploymentState, type DeploymentView, newDeployment } from '../../remediation/deployments/deployment.ts';
import { sighted } from '../../remediation/deployments/served.ts';
import { shareOf, shareText } from '../../remediation/deployments/traffic.ts';
import { condemn } from '../../remediation/rollback/breaker.ts';
import { watchTime } from '../../remediation/rollback/watch-time.ts';
import { cut } from '../../vocabulary/text.ts';
import type { ResponseConfig } from '../config.ts';
import { pageCurrentStep } from '../escalation/escalate.ts';
import { type Decision, type Draft, draftOf, rollbackData } from '../incidents/draft.ts';
import type { Incident, RollbackStep } from '../incidents/incident.ts';
import type { CarriedOut, DescribeDeploymentEffect } from '../outbox/effect.ts';
import { escalateRemedy, tellAfterEnd } from './watch.ts';

/** Hooks return texts of any length. */
const maxError = 500;

export type ConfirmEffect = DescribeDeploymentEffect & { confirms: CarriedOut };

/**
 * What serves after a rollback that the hook says it has carried out. Where it is as it should be,
 * or cannot be told, recovery is watched. Else the remedy has failed: somebody is told at once, and
 * the version that was to be left is not knownBad.
 */
export function onConfirmed(
  incident: Incident,
  { confirms, rollback }: ConfirmEffect,
  view: DeploymentView | { error: string },
  deployment: DeploymentState | undefined,
  config: ResponseConfig,
  now: number,
): Decision {
  const draft = draftOf(incident, config, now);
  const { requestId, from, to } = confirms;
  const step = draft.incident.rollback?.requestId === requestId ? draft.incident.rollback : undefined;
  const state = deployment ?? newDeployment(confirms.deployment);
  const seen = 'error' in view ? state : sighted(state, view, now);
  const inFlight = state.inFlight?.requestId === requestId ? undefined : state.inFlight;
  const set = (value: DeploymentState): void => {
    draft.deployment = { expected: state.version, value: { ...value, version: state.version + 1 } };
  };
  const wrong = 'error' in view ? undefined : wrongIn(view, confirms);
  if (wrong !== undefined) {
    set({ ...seen, inFlight });
    if (step !== undefined) Object.assign(step, { state: 'failed', reason: wrong, at: now, unproven: undefined });
    const text = `the rollback of ${confirms.deployment} to ${to} failed: its hook said that it is done, and it is ${wrong}`;
    const { providerId } = confirms;
    draft.note('rollback result', text, { data: { ...rollbackData(confirms), providerId, outcome: 'not serving' } });
    escalateRemedy(draft, text);
    return draft.finish();
  }
  const left = condemn(seen, { version: from, at: now, incidentId: incident.id });
  const doubt = 'error' in view ? `, which could not be confirmed (${cut(view.error, maxError)})` : '';
  const isWatched = watch(draft, step, { ...confirms, rollback, doubt });
  // Stays in flight until verified, so that no second rollback starts.
  set(isWatched ? left : { ...left, inFlight });
  return draft.finish();
}

/**
 * What is wrong with what serves; undefined if the old version gets no traffic and the wanted one
 * serves.
 */
export function wrongIn(view: DeploymentView, { from, to }: CarriedOut): string | undefined {
  const weight = shareOf(view, from);
  if (weight > 0)
    return weight === 1 ? `still serving ${from}` : `still serving ${from} (${shareText({ version: from, weight })})`;
  return view.current === to ? undefined : `now serving ${view.current}`;
}

/** Records the outcome. Returns whether recovery still has to be watched. */
function watch(draft: Draft, step: RollbackStep | undefined, done: CarriedOut & { rollback: string; doubt: string }): boolean {
  const { incident, config, now } = draft;
  const { deployment, from, to, providerId, already, at, doubt } = done;
  const alert = incident.alerts.find(({ fingerprint }) => fingerprint === step?.fingerprint);
  const before =
    incident.status === 'resolved'
      ? 'the incident had been resolved before'
      : alert?.state === 'resolved' && step?.unproven === undefined
        ? 'the alert had resolved before'
        : undefined;
  const isWatched = step !== undefined && before === undefined;
  const time = watchTime(config, done.rollback, alert?.ruleId);
  const text = `rolled ${deployment} back from ${from} to ${to}${doubt}; ${before ?? time.text}`;
  if (isWatched) {
    Object.assign(step, { state: 'verifying', reason: `rolled back to ${to}${doubt}`, at, watchMs: time.ms });
    incident.deadlines.verify = at + time.ms;
  } else if (step !== undefined) {
    const reason = `rolled back to ${to}${doubt}; ${before}`;
    Object.assign(step, { state: 'succeeded', reason, at: now, unproven: undefined });
  }
  const outcome = doubt === '' ? 'carried out' : 'carried out, unconfirmed';
  draft.note('rollback result', already ? `${text} (already done before)` : text, {
    data: { ...rollbackData(done), providerId, outcome, ...(isWatched ? { watchMs: time.ms } : {}) },
  });
  if (incident.status === 'resolved') {
    tellAfterEnd(draft, text);
    return false;
  }
  const { critical, warn, muted } = incident.counts;
  if (critical + warn === 0 && muted > 0)
    draft.note('page held', 'rollback result: nobody paged, every alert that fires is muted', {
      data: { reason: 'rollback result', withheld: 'all muted' },
    });
  else pageCurrentStep(draft, 'rollback result', text);
  return isWatched;
}
