import type { DeploymentState } from '../../remediation/deployments/deployment.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import { cut } from '../../vocabulary/text.ts';
import { configOf, type ResponseConfig } from '../config.ts';
import type { Contact } from '../contacts/contact.ts';
import { contactKey } from '../contacts/contact.ts';
import type { Effect } from '../outbox/effect.ts';
import type { Incident, RollbackStep } from './incident.ts';
import type { TimelineEntry, TimelineKind } from './timeline.ts';

/** Texts of errors come from outside; an entry is a text for a person. */
const maxText = 2000;

/** Who acts when no person does. */
export const tocsin = 'tocsin';

/** What a decision about an incident changes; committed as a whole or not at all. */
export type Decision = {
  incident: Incident;
  /** Version that was read; 0 for an incident that is new. */
  expected: number;
  timeline: TimelineEntry[];
  effects: Effect[];
  deployment?: { value: DeploymentState; expected: number };
  /** A rollback that was under way and is no more: its deployment is free again. */
  landed?: Flight;
};

/** A rollback that is under way, and the deployment that it holds. */
export type Flight = Pick<RollbackStep, 'deployment' | 'requestId'>;

/** An effect before it has its id: everything that only the decision itself knows. */
export type NewEffect = Effect extends infer E
  ? E extends Effect
    ? Omit<E, 'id' | 'incidentId' | 'createdAt' | 'tenant' | 'trace'>
    : never
  : never;

/** A decision in the making. The incident is a copy that may be changed until `finish`; see `copyOf` for what it shares with its source. */
export type Draft = {
  incident: Incident;
  readonly now: number;
  readonly config: ResponseConfig;
  /** `severity` is that of the incident when left out. */
  note(kind: TimelineKind, text: string, options?: { actor?: string; severity?: Severity; data?: Record<string, unknown> }): void;
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
        for (const message of incident.messages) emit({ kind: 'refresh', message });
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

/** Whatever came of the step, and whatever came after it in the same decision. */
function landedOf(before: RollbackStep | undefined, after: RollbackStep | undefined): { landed?: Flight } {
  if (!isFlying(before) || (isFlying(after) && after.requestId === before.requestId)) return {};
  return { landed: { deployment: before.deployment, requestId: before.requestId } };
}

/** What lies within briefs, policies, messages, causes and links to others is replaced and never changed, so the copy shares it. */
function copyOf(source: Incident): Incident {
  const { escalation, pagedContacts, rollback, related } = source;
  const { targets, dead, failed, slow } = escalation;
  return {
    ...source,
    counts: { ...source.counts },
    alerts: [...source.alerts],
    policies: { ...source.policies },
    escalation: { ...escalation, targets: [...targets], dead: [...dead], failed: [...failed], slow: [...slow] },
    pagedContacts: Object.fromEntries(Object.entries(pagedContacts).map(([key, paged]) => [key, { ...paged }])),
    messages: [...source.messages],
    deadlines: { ...source.deadlines },
    ...(rollback === undefined ? {} : { rollback: { ...rollback } }),
    ...(related === undefined ? {} : { related: [...related] }),
  };
}

/** Recomputes the next step; a changed one makes a new generation, and a wake for it. */
function settleDeadlines(draft: Draft, before: Incident): void {
  const { incident } = draft;
  const times = Object.values(incident.deadlines).filter((time) => time !== undefined);
  incident.nextStepAt = times.length === 0 ? undefined : Math.min(...times);
  if (JSON.stringify(incident.deadlines) === JSON.stringify(before.deadlines)) return;
  incident.generation += 1;
  if (incident.nextStepAt !== undefined) draft.emit({ kind: 'wake', at: incident.nextStepAt, generation: incident.generation });
}

/** Whether a message posted earlier no longer tells the truth. */
function looksDifferent(before: Incident, after: Incident): boolean {
  return (
    before.status !== after.status ||
    before.severity !== after.severity ||
    before.acknowledgedBy !== after.acknowledgedBy ||
    before.rollback?.state !== after.rollback?.state ||
    before.causes?.[0]?.fingerprint !== after.causes?.[0]?.fingerprint ||
    JSON.stringify(before.counts) !== JSON.stringify(after.counts)
  );
}

/** Ends an incident and tells everyone who was paged and whose message cannot be updated in place. */
export function resolveIncident(draft: Draft, by: string, reason: string): void {
  const { incident, now } = draft;
  const step = incident.rollback;
  if (step?.state === 'verifying') {
    // Nobody watches any more; left as it is, it would stand in the way of a rollback after a reopening.
    Object.assign(step, { state: 'succeeded', reason: `rolled back to ${step.to}; resolved while it was watched`, at: now });
    draft.note('rollback result', `the watch on the rollback of ${step.deployment} to ${step.to} ends: resolved by ${by}`);
  }
  if (step !== undefined) Object.assign(step, { unproven: undefined, untold: undefined });
  incident.status = 'resolved';
  incident.resolvedAt = now;
  incident.resolvedBy = by;
  incident.resolveReason = reason;
  incident.deadlines = {};
  draft.note('resolved', `${reason}${pastTarget(incident, 'resolveTarget', now)}`, { actor: by });
  // Somebody who was paged by schedule and by name has one phone, and hears of the end once.
  const told = new Set<string>();
  for (const paged of Object.values(incident.pagedContacts)) {
    const key = contactKey(paged.contact);
    if (paged.updated || told.has(key)) continue;
    told.add(key);
    tellTheEnd(draft, paged);
  }
}

/** Tells somebody who was paged that the incident is over. */
export function tellTheEnd(draft: Draft, { target, contact }: { target: string; contact: Contact }): void {
  const { severity, escalation, resolveReason } = draft.incident;
  draft.emit({
    kind: 'page',
    reason: 'resolved',
    why: resolveReason ?? '',
    severity,
    tier: escalation.tier,
    target,
    contacts: [contact],
    contactIndex: 0,
    step: escalation.step,
  });
}

/** What is said when a response-time target of the policy was missed; it counts from the opening, or the last reopening. */
export function pastTarget(incident: Incident, name: 'ackTarget' | 'resolveTarget', now: number): string {
  const target = incident.policies[incident.policyKey]?.[name];
  const late = target !== undefined && now - (incident.reopenedAt ?? incident.openedAt) > target;
  return late ? ' (past the response-time target)' : '';
}

/** Why there is nothing to page anybody about, or undefined. */
export function nothingToPage({ counts, rollback }: Incident): string | undefined {
  if (counts.critical + counts.warn > 0) return undefined;
  // That nobody has seen a rollback help is a matter by itself.
  if (rollback?.state === 'failed' && rollback.unproven !== undefined) return undefined;
  return counts.muted > 0 ? 'every alert that fires is muted' : 'every alert has resolved';
}
