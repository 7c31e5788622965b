import type { Config } from '../config/schema.ts';
import { advance } from '../escalation/escalate.ts';
import { contactKey, type PageEffect } from '../deliveries/effect.ts';
import { type Decision, draftOf } from './draft.ts';
import type { Incident } from './incident.ts';
import type { MessageRef } from '../paging/posted.ts';

/** How many posted messages of one incident are kept up to date. */
const maxMessages = 20;

export type Delivery =
  | { kind: 'sent'; ref?: MessageRef; providerId?: string; /** Version of the incident that the message shows. */ shown: number; bundledInto?: string; held?: number }
  /** Retrying goes on, but the next contact method is tried as well. */
  | { kind: 'slow'; error: string }
  | { kind: 'dead'; error: string }
  | { kind: 'withheld'; reason: string };

/** What the outcome of a page means for its incident. */
export function onDelivered(incident: Incident, effect: PageEffect, delivery: Delivery, config: Config, now: number): Decision {
  const draft = draftOf(incident, config, now);
  const contact = effect.contacts[effect.contactIndex];
  const key = contact === undefined ? 'nothing' : contactKey(contact);
  const data = { effect: effect.id, contact: key };
  switch (delivery.kind) {
    case 'sent': {
      draft.incident.paged = true;
      if (contact !== undefined) draft.incident.pagedContacts[`${effect.target} ${key}`] = { target: effect.target, contact, updated: delivery.ref !== undefined };
      const { reason, why, target, tier } = effect;
      const message = delivery.ref === undefined ? undefined : { ref: delivery.ref, reason, why, target, tier };
      if (message !== undefined) draft.incident.messages = [...draft.incident.messages, message].slice(-maxMessages);
      const held = delivery.held ? `, with ${delivery.held} held page${delivery.held === 1 ? '' : 's'}` : '';
      const bundled = delivery.bundledInto === undefined ? '' : `, bundled into the page of ${delivery.bundledInto}`;
      draft.note('page delivered', `${effect.reason}: ${effect.target} by ${key}${held}${bundled}`, { data: { ...data, providerId: delivery.providerId } });
      // The incident moved on while the message was under way: the message is brought up to date.
      if (message !== undefined && delivery.shown < incident.version) draft.emit({ kind: 'refresh', message });
      break;
    }
    case 'withheld':
      draft.note('page held', `${effect.reason}: ${effect.target} not paged, ${delivery.reason}`, { data });
      break;
    case 'slow':
    case 'dead': {
      // The next contact method was tried when this one became slow.
      if (draft.incident.escalation.slow.includes(effect.id)) {
        if (delivery.kind === 'dead') draft.note('page failed', `${effect.target} by ${key} failed for good: ${delivery.error}`, { data });
        break;
      }
      if (delivery.kind === 'slow') draft.incident.escalation.slow.push(effect.id);
      const next = effect.contacts[effect.contactIndex + 1];
      const what = delivery.kind === 'dead' ? 'failed for good' : 'does not answer, trying on';
      draft.note('page failed', `${effect.target} by ${key} ${what}: ${delivery.error}${next === undefined ? '' : `; next contact method ${contactKey(next)}`}`, { data });
      if (next !== undefined) draft.emit({ ...withoutIdentity(effect), contactIndex: effect.contactIndex + 1 });
      else if (isCurrent(incident, effect)) giveUpOn(draft, effect);
      break;
    }
  }
  return draft.finish();
}

function withoutIdentity({ id: _id, incidentId: _incident, createdAt: _at, ...rest }: PageEffect): Omit<PageEffect, 'id' | 'incidentId' | 'createdAt'> {
  return rest;
}

/** Whether the page belongs to the step that escalation stands at. */
function isCurrent(incident: Incident, effect: PageEffect): boolean {
  return incident.status === 'triggered' && incident.escalation.tier === effect.tier && incident.escalation.targets.includes(effect.target);
}

/** All contact methods of a target are dead; when that is so for the whole step, the next one is paged at once. */
function giveUpOn(draft: ReturnType<typeof draftOf>, effect: PageEffect): void {
  const step = draft.incident.escalation;
  if (!step.dead.includes(effect.target)) step.dead.push(effect.target);
  if (step.targets.every((target) => step.dead.includes(target))) {
    draft.incident.deadlines.acknowledge = undefined;
    advance(draft, 'escalated', `nobody at tier ${step.tier} could be reached`);
  }
}

/** Why a page that has not gone out yet should not go out any more, or undefined. */
export function withheldReason(incident: Incident, effect: PageEffect): string | undefined {
  const late: readonly string[] = ['triggered', 'severity raised', 'escalated', 'alert joined', 'ack timed out', 'reminder', 'reopened', 'remedy failed'];
  if (!late.includes(effect.reason)) return undefined;
  if (incident.status === 'acknowledged') return `${incident.acknowledgedBy ?? 'someone'} acknowledged before it was sent`;
  if (incident.status === 'resolved') return 'the incident was resolved before it was sent';
  return undefined;
}
