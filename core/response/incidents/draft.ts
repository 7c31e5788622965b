import type { DeploymentState } from '../../remediation/deployments/deployment.ts';
import type { AlertSeverity } from '../../vocabulary/schema-parts.ts';
import { pagedAs } from '../../vocabulary/severity.ts';
import { cut } from '../../vocabulary/text.ts';
import { configOf, type ResponseConfig } from '../config.ts';
import type { Contact } from '../contacts/contact.ts';
import { contactKey } from '../contacts/contact.ts';
import type { PageTarget } from '../escalation/page-target.ts';
import type { Effect } from '../outbox/effect.ts';
import type { Incident, RollbackStep } from './incident.ts';
import type { TimelineEntry, TimelineKind } from './timeline.ts';
import type { Ending, TimelineData } from './timeline-data.ts';
import type { Withheld } from './withheld.ts';

/** Error texts come from outside; an entry is for people. */
const maxText = 2000;

/** The actor when no person acts. */
export const tocsin = 'tocsin';

/** Everything a decision about an incident changes. Committed as a whole or not at all. */
export type Decision = {
  incident: Incident;
  /** The version that was read; 0 for a new incident. */
  expected: number;
  timeline: TimelineEntry[];
  effects: Effect[];
  deployment?: { value: DeploymentState; expected: number };
  /** A rollback that is no longer running: its deployment is free again. */
  landed?: Flight;
};

/** A running rollback and the deployment it locks. */
export type Flight = Pick<RollbackStep, 'deployment' | 'requestId'>;

/** An effect without its id: what the decision itself knows. */
export type NewEffect = Effect extends infer E
  ? E extends Effect
    ? Omit<E, 'id' | 'incidentId' | 'createdAt' | 'tenant' | 'trace'>
    : never
  : never;

/**
 * A decision in progress. The incident is a copy that may change until `finish`; `copyOf` says what
 * it shares with the original.
 */
export type Draft = {
  incident: Incident;
  readonly now: number;
  readonly config: ResponseConfig;
  /** `severity` defaults to that of the incident. */
  note(kind: TimelineKind, text: string, options?: { actor?: string; severity?: AlertSeverity; data?: TimelineData }): void;
  emit(effect: NewEffect): void;
  deployment?: Decision['deployment'];
  finish(): Decision;
};

export function draftOf(source: Incident, given: ResponseConfig, now: number): Draft {
  const config = configOf(source, given);
  const expected = source.version;
  const before = source;
  const timeline: TimelineEntry[] = [];
  const effects: Effect[] = [];
  const incident = copyOf(source);
  incident.version = expected + 1;
  const emit = (effect: NewEffect): void => {
    const id = `${incident.id}#${incident.version}#${effects.length}`;
    const marked = incident.tenant === undefined ? {} : { tenant: incident.tenant };
    effects.push({ ...effect, id, incidentId: incident.id, createdAt: now, ...marked } as Effect);
  };
  const draft: Draft = {
    incident,
    now,
    config,
    emit,
    note(kind, text, options = {}) {
      timeline.push({
        incidentId: incident.id,
        version: incident.version,
        n: timeline.length,
        at: now,
        kind,
        severity: options.severity ?? incident.severity,
        text: cut(text, maxText),
        actor: options.actor ?? tocsin,
        ...(options.data === undefined ? {} : { data: options.data }),
      });
    },
    finish() {
      settleDeadlines(draft, before);
      if (looksDifferent(before, incident)) {
        for (const message of incident.messages) emit({ kind: 'update_message', message });
      }
      return {
        incident,
        expected,
        timeline,
        effects,
        ...(draft.deployment === undefined ? {} : { deployment: draft.deployment }),
        ...landedOf(before.rollback, incident.rollback),
      };
    },
  };
  return draft;
}

const flying: readonly RollbackStep['state'][] = ['running', 'confirming', 'verifying'];
const isFlying = (step: RollbackStep | undefined): step is RollbackStep => step !== undefined && flying.includes(step.state);

/** Whatever the step's outcome, and whatever followed in the same decision. */
function landedOf(before: RollbackStep | undefined, after: RollbackStep | undefined): { landed?: Flight } {
  if (!isFlying(before) || (isFlying(after) && after.requestId === before.requestId)) return {};
  return { landed: { deployment: before.deployment, requestId: before.requestId } };
}

/**
 * The insides of briefs, policies, messages, causes and links are replaced, never changed, so the
 * copy shares them.
 */
function copyOf(source: Incident): Incident {
  const { escalation, pagedContacts, rollback, related } = source;
  const { targets, dead, failed, slow } = escalation;
  return {
    ...source,
    counts: { ...source.counts },
    alerts: [...source.alerts],
    policies: { ...source.policies },
    escalation: { ...escalation, targets: [...targets], dead: [...dead], failed: [...failed], slow: [...slow] },
    pagedContacts: pagedContacts.map((paged) => ({ ...paged })),
    messages: [...source.messages],
    deadlines: { ...source.deadlines },
    ...(rollback === undefined ? {} : { rollback: { ...rollback } }),
    ...(related === undefined ? {} : { related: [...related] }),
  };
}

/** Recomputes the next deadline. If it changes, starts a new generation with its own timer. */
function settleDeadlines(draft: Draft, before: Incident): void {
  const { incident } = draft;
  const times = Object.values(incident.deadlines).filter((time) => time !== undefined);
  incident.nextStepAt = times.length === 0 ? undefined : Math.min(...times);
  if (JSON.stringify(incident.deadlines) === JSON.stringify(before.deadlines)) return;
  incident.generation += 1;
  if (incident.nextStepAt !== undefined) draft.emit({ kind: 'timer', at: incident.nextStepAt, generation: incident.generation });
}

/** Whether an already posted message is out of date. */
function looksDifferent(before: Incident, after: Incident): boolean {
  return (
    before.status !== after.status ||
    before.title !== after.title ||
    before.severity !== after.severity ||
    before.acknowledgedBy !== after.acknowledgedBy ||
    before.rollback?.state !== after.rollback?.state ||
    (before.flapping === undefined) !== (after.flapping === undefined) ||
    before.causes?.[0]?.fingerprint !== after.causes?.[0]?.fingerprint ||
    JSON.stringify(before.counts) !== JSON.stringify(after.counts)
  );
}

/** Which rollback an entry is about. */
export const rollbackData = ({ deployment, from, to, requestId }: Flight & Pick<RollbackStep, 'from' | 'to'>): TimelineData => ({
  ...{ deployment, from, to, requestId },
});

/**
 * Ends an incident, and notifies everyone who was paged and whose message cannot be updated in
 * place.
 */
export function resolveIncident(draft: Draft, by: string, ending: Ending, reason: string, stillFiring?: number): void {
  const { incident, now } = draft;
  const step = incident.rollback;
  if (step?.state === 'verifying') {
    // Nobody watches it any more. Left as is, it would block a rollback after a reopening.
    Object.assign(step, { state: 'succeeded', reason: `rolled back to ${step.to}; resolved while it was watched`, at: now });
    const text = `the watch on the rollback of ${step.deployment} to ${step.to} ends: resolved by ${by}`;
    draft.note('rollback result', text, { data: { ...rollbackData(step), outcome: 'watch ended' } });
  }
  if (step !== undefined) Object.assign(step, { unproven: undefined, untold: undefined });
  incident.status = 'resolved';
  incident.resolvedAt = now;
  incident.resolvedBy = by;
  incident.resolveReason = reason;
  incident.deadlines = {};
  incident.flapping = undefined;
  const { text, late } = pastTarget(incident, 'resolveTarget', now);
  draft.note('resolved', `${reason}${text}`, { actor: by, data: { ending, stillFiring, late } });
  // Somebody paged both by schedule and by name gets one notification.
  const told = new Set<string>();
  for (const paged of incident.pagedContacts) {
    const key = contactKey(paged.contact);
    if (paged.updated || told.has(key)) continue;
    told.add(key);
    tellTheEnd(draft, paged);
  }
}

/** Notifies a paged target that the incident is over. */
export function tellTheEnd(draft: Draft, { target, contact }: { target: PageTarget; contact: Contact }): void {
  const { severity, escalation, resolveReason } = draft.incident;
  draft.emit({
    kind: 'page',
    reason: 'resolved',
    why: resolveReason ?? '',
    severity: pagedAs(severity),
    tier: escalation.tier,
    target,
    contacts: [contact],
    contactIndex: 0,
    step: escalation.step,
  });
}

/**
 * Whether a response-time target was missed, which counts from the (re)opening. `text` is to be
 * appended.
 */
export function pastTarget(incident: Incident, name: 'ackTarget' | 'resolveTarget', now: number): { text: string; late?: true } {
  const target = incident.policies[incident.policyKey]?.[name];
  const late = target !== undefined && now - (incident.reopenedAt ?? incident.openedAt) > target;
  return late ? { text: ' (past the response-time target)', late } : { text: '' };
}

/** Why there is nothing to page about, or undefined. */
export function nothingToPage({ counts, rollback, flapping }: Incident): Withheld | undefined {
  if (counts.critical + counts.warn > 0) return undefined;
  // What comes and goes counts as firing until it has been quiet for a while.
  if (flapping !== undefined && counts.muted === 0) return undefined;
  // A rollback whose success nobody has seen is worth a page by itself.
  if (rollback?.state === 'failed' && rollback.unproven !== undefined) return undefined;
  if (counts.muted > 0) return { code: 'all muted', text: 'every alert that fires is muted' };
  return counts.info > 0
    ? { code: 'only info', text: 'nothing that fires is more than info' }
    : { code: 'all resolved', text: 'every alert has resolved' };
}
