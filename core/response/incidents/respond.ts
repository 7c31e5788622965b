import { counted } from '../../vocabulary/counted.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import type { AlertSeverity } from '../../vocabulary/schema-parts.ts';
import { severityRank } from '../../vocabulary/severity.ts';
import { formatAge } from '../../vocabulary/units.ts';
import type { ResponseConfig } from '../config.ts';
import { escalateNow, policyInForce } from '../escalation/escalate.ts';
import { askForRollback } from '../rollback/consider.ts';
import { type Decision, type Draft, draftOf, nothingToPage, pastTarget, resolveIncident } from './draft.ts';
import type { Incident } from './incident.ts';
import { ackLasts } from './lasting-drift.ts';
import { type Confirmation, countText, covers, type StillFiring, stillFiring } from './still-firing.ts';

export const responses = ['acknowledge', 'resolve', 'escalate', 'rollback'] as const;
export type Response = (typeof responses)[number];

export type ResponseResult = { ok: true; decision: Decision; message: string } | Refusal;
/** `firing`: allowed after the person has seen these alerts and confirmed. */
type Refusal = { ok: false; message: string; firing?: StillFiring };

/** A person who resolves a firing incident has at least this long before it returns. */
const minRecheckMs = 300_000;

/**
 * What a person's action means; refused with a reason if it no longer makes sense. Resolving while
 * alerts fire needs a confirmation by somebody who saw what fires. `byLink`: the contact whose page
 * had the link that was followed.
 */
export function onResponse(
  incident: Incident,
  response: Response,
  { actor, confirmed, byLink }: { actor: string; confirmed?: Confirmation | undefined; byLink?: string | undefined },
  config: ResponseConfig,
  now: number,
): ResponseResult {
  if (incident.status === 'resolved') {
    const why = incident.resolveReason === undefined ? '' : `: ${incident.resolveReason}`;
    return { ok: false, message: `${incident.id} was already resolved by ${incident.resolvedBy ?? 'tocsin'}${why}` };
  }
  const firing = response === 'resolve' ? stillFiring(incident) : undefined;
  if (firing !== undefined && !isConfirmed(incident, confirmed)) {
    const anew = confirmed === undefined ? '' : 'since you looked, something else fires: ';
    return { ok: false, message: `${incident.id} was not resolved: ${anew}${countText(firing)}`, firing };
  }
  const draft = draftOf(incident, config, now);
  const answer = answers[response](draft, actor, byLink);
  return answer.ok ? { ok: true, decision: draft.finish(), message: answer.message } : answer;
}

const worse = (a: AlertSeverity, b: AlertSeverity | undefined): AlertSeverity =>
  b !== undefined && severityRank[b] > severityRank[a] ? b : a;
const isConfirmed = (incident: Incident, confirmed: Confirmation | undefined): boolean =>
  confirmed !== undefined && ('force' in confirmed || covers(confirmed.seen, incident));

/** Whoever had acknowledged is working on it: the next one should know whom to ask. */
function acknowledgedText({ incident, now }: Draft): string {
  if (incident.status !== 'acknowledged') return '';
  const ms = now - (incident.acknowledgedAt ?? now);
  const since = ms < 1000 ? '' : ` ${formatAge(ms)} ago`;
  return `; ${incident.acknowledgedBy ?? 'someone'} had acknowledged it${since}`;
}

type Answer = { ok: true; message: string } | { ok: false; message: string };

const answers: Record<Response, (draft: Draft, actor: string, byLink?: string) => Answer> = {
  acknowledge(draft, actor, byLink) {
    const { incident, now } = draft;
    if (incident.status === 'acknowledged') {
      return { ok: false, message: `${incident.id} was already acknowledged by ${incident.acknowledgedBy ?? 'someone'}` };
    }
    const { ackTimeout } = policyInForce(draft);
    incident.status = 'acknowledged';
    incident.acknowledgedAt = now;
    incident.acknowledgedBy = actor;
    incident.acknowledgedSeverity = worse(incident.severity, incident.acknowledgedSeverity);
    incident.joinedUnpaged = 0;
    incident.escalation.heldWhileMuted = false;
    Object.assign(incident.deadlines, { groupWait: undefined, acknowledge: undefined, joined: undefined, restart: undefined });
    incident.deadlines.ackTimeout = now + ackLasts(incident.alerts, ackTimeout, now);
    const { text, late } = pastTarget(incident, 'ackTarget', now);
    const how = byLink === undefined ? '' : `; by the link in its page to ${byLink}`;
    draft.note('acknowledged', `escalation stops${text}${how}`, {
      actor,
      data: { late, ...(byLink !== undefined && { byLink: true, contact: byLink }) },
    });
    return { ok: true, message: `${incident.id} acknowledged by ${actor}` };
  },
  resolve(draft, actor) {
    const { incident, now, config } = draft;
    const firing = incident.counts.critical + incident.counts.warn;
    const still = firing === 0 ? '' : ` while ${counted(firing, 'alert')} still fired`;
    resolveIncident(draft, actor, 'resolved by a person', `a person resolved it${still}`, firing);
    if (firing + incident.counts.muted > 0) incident.resolvedWhileFiring = true;
    if (firing === 0) return { ok: true, message: `${incident.id} resolved by ${actor}` };
    incident.deadlines.recheck = now + Math.max(config.settings.reopenWindow, minRecheckMs);
    const back = `it comes back at ${formatUtc(incident.deadlines.recheck)} if an alert still fires, and at once if it gets worse`;
    return { ok: true, message: `${incident.id} resolved by ${actor}; ${back}` };
  },
  escalate(draft, actor) {
    // It would be held back on delivery, and the person would wait in vain.
    const withheld = nothingToPage(draft.incident);
    if (withheld !== undefined) return { ok: false, message: `${draft.incident.id} was not escalated: ${withheld.text}` };
    const had = acknowledgedText(draft);
    const escalated = escalateNow(draft, 'escalated', `${actor} asked for more help${had}`);
    if (!escalated.paged) return { ok: false, message: `${draft.incident.id} was not escalated: ${escalated.why}` };
    return { ok: true, message: `${draft.incident.id} escalated by ${actor}${had}` };
  },
  rollback: askForRollback,
};
