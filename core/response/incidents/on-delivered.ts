import { counted } from '../../vocabulary/counted.ts';
import { cut } from '../../vocabulary/text.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { ResponseConfig } from '../config.ts';
import type { Contact } from '../contacts/contact.ts';
import { contactKey } from '../contacts/contact.ts';
import { passOver } from '../escalation/escalate.ts';
import { isSameTarget, type PageTarget, targetText } from '../escalation/page-target.ts';
import type { PageEffect } from '../outbox/effect.ts';
import { callsForSomebody, type MessageRef, type PostedMessage } from '../paging/posted.ts';
import { type Decision, type Draft, draftOf, nothingToPage, tellTheEnd, tocsin } from './draft.ts';
import type { Incident } from './incident.ts';
import type { TimelineData } from './timeline-data.ts';
import type { Withheld } from './withheld.ts';

/** The most posted messages of an incident that are updated in place. */
const maxMessages = 20;
/**
 * At most this many contacts are notified when an incident ends; more do not fit into one commit.
 */
const maxPagedContacts = 40;
/** Adapters include responses from outside in their errors. */
const maxError = 500;

export type Sent = {
  kind: 'sent';
  ref?: MessageRef;
  providerId?: string;
  /** What the receiver took only in part, in words. */
  note?: string;
  /** The message was sent without its chart, which an update is to add. */
  lacksChart?: true;
  /** The incident version that the message shows. */
  shown: number;
  bundledInto?: string;
  held?: number;
  /** The message says that the incident is over. */
  over?: boolean;
};

export type Delivery =
  | Sent
  /** Still retrying; the next contact method is tried as well. */
  | { kind: 'slow'; error: string }
  | { kind: 'dead'; error: string }
  | { kind: 'withheld'; withheld: Withheld };

/** What the outcome of a page means for its incident. */
export function onDelivered(
  incident: Incident,
  effect: PageEffect,
  delivery: Delivery,
  config: ResponseConfig,
  now: number,
): Decision {
  const draft = draftOf(incident, config, now);
  const { escalation } = draft.incident;
  const wasSlow = escalation.slow.includes(effect.id);
  // It is no longer retried, so it is no longer slow.
  if (delivery.kind !== 'slow') escalation.slow = escalation.slow.filter((id) => id !== effect.id);
  if (delivery.kind === 'sent') onSent(draft, effect, delivery);
  else if (delivery.kind === 'withheld') onWithheld(draft, effect, delivery.withheld);
  else onFailed(draft, effect, delivery, wasSlow);
  return draft.finish();
}

function onWithheld(draft: Draft, effect: PageEffect, withheld: Withheld): void {
  const { incident } = draft;
  if (isCall(effect) && incident.counts.muted > 0 && nothingToPage(incident) !== undefined)
    incident.escalation.heldWhileMuted = true;
  draft.note('page held', `${effect.reason}: ${targetText(effect.target)} not paged, ${withheld.text}`, {
    data: { ...dataOf(effect), withheld: withheld.code },
  });
  // What held it back ended between check and commit.
  if (turnOf(incident, effect).send) draft.emit(withoutIdentity(effect));
}

const contactOf = ({ contacts, contactIndex }: PageEffect): Contact | undefined => contacts[contactIndex];

function keyOf(effect: PageEffect): string {
  const contact = contactOf(effect);
  return contact === undefined ? 'nothing' : contactKey(contact);
}

const dataOf = (effect: PageEffect): TimelineData => ({
  ...{ reason: effect.reason, severity: effect.severity, tier: effect.tier, target: effect.target },
  ...{ effect: effect.id, contact: keyOf(effect) },
});

function onSent(draft: Draft, effect: PageEffect, sent: Sent): void {
  const { ref, providerId, note, lacksChart, shown, bundledInto, held, over } = sent;
  const { incident } = draft;
  const { reason, why, target, tier, createdAt: decidedAt } = effect;
  const name = targetText(target);
  const key = keyOf(effect);
  if (isCall(effect)) {
    incident.paged = true;
    if (effect.severity === 'critical') incident.pagedCritical = true;
    incident.escalation.fruitless = 0;
  }
  incident.escalation.dead = incident.escalation.dead.filter((dead) => !isSameTarget(dead, target));
  const carried = held ? `, with ${counted(held, 'held page')}` : '';
  const bundled = bundledInto === undefined ? '' : `, bundled into the page of ${bundledInto}`;
  const partly = note === undefined ? '' : `; ${cut(note, maxError)}`;
  draft.note('page delivered', `${reason}: ${name} by ${key}${carried}${bundled}${partly}`, {
    data: { ...dataOf(effect), providerId },
  });
  const contact = contactOf(effect);
  if (contact === undefined) return;
  const known = incident.pagedContacts.find((one) => isSameWay(one, { target, contact }));
  const message: PostedMessage | undefined = ref === undefined ? undefined : { ref, reason, why, decidedAt, target, tier };
  remember(incident, { target, contact, updated: message !== undefined });
  if (message !== undefined) {
    keepUpToDate(incident, message);
    // The incident changed during delivery, so the message needs an update.
    if (shown < incident.version - 1 || lacksChart === true) draft.emit({ kind: 'update_message', message });
  } else if (incident.status === 'resolved' && over !== true && reason !== 'resolved' && (known === undefined || known.updated)) {
    // It ended during delivery, after everyone else had been notified.
    tellTheEnd(draft, { target, contact });
  }
}

/** Keeps the latest. Whoever is paged again moves to the end. */
function remember(incident: Incident, paged: Incident['pagedContacts'][number]): void {
  const others = incident.pagedContacts.filter((known) => !isSameWay(known, paged));
  incident.pagedContacts = [...others, paged].slice(-maxPagedContacts);
}

/** A target by one contact method. */
type Way = { target: PageTarget; contact: Contact };

const isSameWay = (a: Way, b: Way): boolean =>
  isSameTarget(a.target, b.target) && contactKey(a.contact) === contactKey(b.contact);

/**
 * A posted message could not be updated and is given up. Its readers hear of the end by a page
 * instead.
 */
export function onUpdateFailed(
  incident: Incident,
  message: PostedMessage,
  error: string,
  config: ResponseConfig,
  now: number,
): Decision {
  const draft = draftOf(incident, config, now);
  const isSame = (one: PostedMessage): boolean => isSameMessage(one, message);
  const [dropped, kept] = [incident.messages.filter(isSame), incident.messages.filter((one) => !isSame(one))];
  keepOnly(draft.incident, kept, dropped);
  const where = `${targetText(message.target)}: its message in ${message.ref.place}`;
  draft.note('page failed', `${where} could not be updated and may be out of date: ${cut(error, maxError)}`, {
    data: { failure: 'message not updated', target: message.target },
  });
  return draft.finish();
}

const isSameMessage = ({ ref: a }: PostedMessage, { ref: b }: PostedMessage): boolean =>
  a.kind === b.kind && a.place === b.place && a.id === b.id;

function keepUpToDate(incident: Incident, message: PostedMessage): void {
  // A receiver that keeps one thing an incident names it again.
  const all = [...incident.messages.filter((one) => !isSameMessage(one, message)), message];
  keepOnly(incident, all.slice(-maxMessages), all.slice(0, -maxMessages));
}

/** Readers of a message that is no longer updated hear of the end by a page. */
function keepOnly(incident: Incident, kept: PostedMessage[], dropped: readonly PostedMessage[]): void {
  incident.messages = kept;
  for (const { target } of dropped) {
    if (incident.messages.some((kept) => isSameTarget(kept.target, target))) continue;
    for (const paged of incident.pagedContacts) if (isSameTarget(paged.target, target)) paged.updated = false;
  }
}

function onFailed(draft: Draft, effect: PageEffect, delivery: { kind: 'slow' | 'dead'; error: string }, wasSlow: boolean): void {
  const { incident } = draft;
  const isDead = delivery.kind === 'dead';
  // The next contact method was already tried when this one became slow.
  const next = wasSlow ? undefined : effect.contacts[effect.contactIndex + 1];
  const what = isDead ? 'failed for good' : 'is not responding; still retrying';
  const then = next === undefined ? '' : `; next contact method ${contactKey(next)}`;
  const failed = `${targetText(effect.target)} by ${keyOf(effect)} ${what}: ${cut(delivery.error, maxError)}${then}`;
  if (!wasSlow || isDead) draft.note('page failed', failed, { data: { ...dataOf(effect), failure: isDead ? 'dead' : 'slow' } });
  if (!wasSlow && !isDead) incident.escalation.slow.push(effect.id);
  if (next !== undefined) draft.emit({ ...withoutIdentity(effect), contactIndex: effect.contactIndex + 1 });
  // A slow delivery is still retried, so the step keeps its deadline.
  if (isDead && isCurrent(incident, effect)) giveUpOn(draft, effect);
}

function withoutIdentity({
  id: _id,
  incidentId: _incident,
  createdAt: _at,
  tenant: _tenant,
  ...rest
}: PageEffect): Omit<PageEffect, 'id' | 'incidentId' | 'createdAt' | 'tenant'> {
  return rest;
}

/** Whether the page is a call of the current escalation step. */
function isCurrent({ status, escalation }: Incident, effect: PageEffect): boolean {
  return status === 'triggered' && isCall(effect) && effect.step === escalation.step;
}

/**
 * A contact method failed permanently. If all of everyone in the step have, the next step is called
 * at once.
 */
function giveUpOn(draft: Draft, effect: PageEffect): void {
  const { contacts, target } = effect;
  const { failed, dead, targets } = draft.incident.escalation;
  const contact = contactOf(effect);
  if (contact !== undefined) failed.push({ target, contact });
  if (contacts.some((one) => !failed.some((way) => isSameWay(way, { target, contact: one })))) return;
  if (!isAmong(target, dead)) dead.push(target);
  if (targets.every((one) => isAmong(one, dead))) passOver(draft);
}

const isAmong = (target: PageTarget, targets: readonly PageTarget[]): boolean => targets.some((one) => isSameTarget(one, target));

const isCall = ({ reason }: PageEffect): boolean => callsForSomebody(reason);

/**
 * What happens to a page that is due. `untold` says, for people, that its incident ended before
 * anybody was told.
 */
export type Turn = { send: true; untold?: string } | { send: false; withheld: Withheld };

/**
 * Whether a page must still be sent; checked right before delivery. A critical incident is reported
 * even if it ended by itself before anybody heard of it.
 */
export function turnOf(incident: Incident, effect: PageEffect): Turn {
  const no = (code: Withheld['code'], text: string): Turn => ({ send: false, withheld: { code, text } });
  if (effect.reason === 'resolved') {
    const stale = staleEnd(incident, effect);
    return stale === undefined ? { send: true } : { send: false, withheld: stale };
  }
  if (!isCall(effect)) return { send: true };
  if (incident.status === 'acknowledged')
    return no('acknowledged', `${incident.acknowledgedBy ?? 'someone'} acknowledged before it was sent`);
  if (incident.status === 'resolved') {
    return isUntold(incident, effect) && incident.resolvedBy === tocsin
      ? { send: true, untold: untoldText(incident) }
      : no('incident resolved', 'the incident was resolved before it was sent');
  }
  // Escalation restarted at tier 1 meanwhile: their turn will come.
  if (effect.reason === 'escalated' && effect.tier > incident.escalation.tier)
    return no('escalation restarted', 'escalation has restarted since');
  // Left over from before it was resolved and then only half reopened, because every alert is
  // muted.
  if (incident.status === 'waiting')
    return no('resolved and muted since', 'the incident was resolved since, and everything firing again is muted');
  const { step, targets } = incident.escalation;
  if (effect.step < step && isAmong(effect.target, targets)) return no('later page pending', 'a later page about it is pending');
  const nothing = nothingToPage(incident);
  if (nothing === undefined) return { send: true };
  // It will resolve by itself soon, and somebody must hear that it was critical.
  const isOver = incident.counts.muted === 0;
  return isOver && isUntold(incident, effect)
    ? {
        send: true,
        untold: `${nothing.code === 'only info' ? 'all but info has resolved' : nothing.text} before anybody was reached`,
      }
    : { send: false, withheld: nothing };
}

/** Nobody heard that it was critical, and nobody acknowledged it. */
const isUntold = ({ pagedCritical, acknowledgedBy, tenant }: Incident, { severity }: PageEffect): boolean =>
  severity === 'critical' && pagedCritical !== true && acknowledgedBy === undefined && tenant === undefined;

function untoldText({ resolvedAt = 0, reopenedAt, openedAt }: Incident): string {
  const lasted = Math.max(0, resolvedAt - (reopenedAt ?? openedAt));
  return `resolved after ${formatDuration(lasted)}, before anybody was reached`;
}

/** A resolve notification must be true and the latest. */
function staleEnd({ status, resolvedAt = 0 }: Incident, { createdAt }: PageEffect): Withheld | undefined {
  if (status !== 'resolved') return { code: 'open again', text: 'the incident is open again' };
  if (createdAt >= resolvedAt) return undefined;
  return { code: 'ended later', text: 'the incident reopened in the meantime; a later page reports its end' };
}
