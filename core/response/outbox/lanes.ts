import { digest } from '../../vocabulary/fingerprint.ts';
import type { Contact } from '../contacts/contact.ts';
import { contactKey, contactReceiver } from '../contacts/contact.ts';
import { type PageTarget, personMeant, targetKey } from '../escalation/page-target.ts';
import { callsForSomebody } from '../paging/posted.ts';
import type { Effect, PageEffect } from './effect.ts';

/**
 * The delivery order of due effects: critical pages that call somebody, then remedies, then other
 * pages, then message updates and timers. Lower goes first.
 */
export const priorities = [0, 1, 2, 3] as const;
export type Priority = (typeof priorities)[number];

/** Priorities used only by pages. */
export const pagePriorities: readonly Priority[] = [0, 2];

export function priorityOf(effect: Effect): Priority {
  switch (effect.kind) {
    case 'page':
      return isUrgent(effect) ? 0 : 2;
    case 'describe_deployment':
    case 'rollback':
      return 1;
    case 'digest':
    case 'update_message':
    case 'timer':
      return 3;
  }
}

/** A critical page that calls somebody. It never waits behind others. */
export const isUrgent = ({ severity, reason }: PageEffect): boolean => severity === 'critical' && callsForSomebody(reason);

/**
 * Effects that share a lane go out one after the other: pages to one target by one contact method
 * (also the unit of the rate limit), updates of one message, calls of one hook. A slow delivery
 * delays only its own lane.
 */
export function laneOf(effect: Effect): string {
  switch (effect.kind) {
    case 'page':
      return pageLane(effect.target, effect.contacts[effect.contactIndex]);
    case 'update_message': {
      const { kind, place, id } = effect.message.ref;
      return `message ${kind}:${place}/${id}`;
    }
    case 'digest':
      return `digest ${effect.name} ${targetKey(effect.target)}`;
    case 'describe_deployment':
      return `describe ${effect.rollback}`;
    case 'rollback':
      return `rollback ${effect.deployment}`;
    case 'timer':
      return 'timer';
  }
}

/** The lane of pages to a target by one contact method. */
export const pageLane = (target: PageTarget, contact: Contact | undefined): string =>
  `${targetKey(personMeant(target))} ${contact === undefined ? 'nobody' : contactKey(contact)}`;

/**
 * The system an effect goes to: a host, Slack workspace, topic or hook. Concurrency is limited per
 * receiver, across lanes.
 */
export function receiverOf(effect: Effect): string {
  switch (effect.kind) {
    case 'page': {
      const contact = effect.contacts[effect.contactIndex];
      return contact === undefined ? 'nobody' : contactReceiver(contact);
    }
    case 'digest': {
      const [contact] = effect.contacts;
      return contact === undefined ? 'nobody' : contactReceiver(contact);
    }
    case 'update_message':
      return `message ${effect.message.ref.kind}`;
    case 'describe_deployment':
    case 'rollback':
    case 'timer':
      return laneOf(effect);
  }
}

/** The receiver as a short anonymous key, for queues with fair sharing. Timers have none. */
export const groupOf = (effect: Effect): string | undefined => (effect.kind === 'timer' ? undefined : digest(receiverOf(effect)));
