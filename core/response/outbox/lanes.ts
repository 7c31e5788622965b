import { digest } from '../../vocabulary/fingerprint.ts';
import type { Contact } from '../contacts/contact.ts';
import { contactKey, contactReceiver } from '../contacts/contact.ts';
import { callsForSomebody } from '../paging/posted.ts';
import type { Effect, PageEffect } from './effect.ts';

/**
 * The order in which what is due goes out: pages that a critical incident calls somebody with, then remedies, then other
 * pages, then what keeps messages and timers up to date. A lower number goes first.
 */
export const priorities = [0, 1, 2, 3] as const;
export type Priority = (typeof priorities)[number];

/** Priorities that only pages have. */
export const pagePriorities: readonly Priority[] = [0, 2];

export function priorityOf(effect: Effect): Priority {
  switch (effect.kind) {
    case 'page':
      return isUrgent(effect) ? 0 : 2;
    case 'inspect':
    case 'rollback':
      return 1;
    case 'refresh':
    case 'wake':
      return 3;
  }
}

/** A critical page that calls for somebody; it never waits behind others. */
export const isUrgent = ({ severity, reason }: PageEffect): boolean => severity === 'critical' && callsForSomebody(reason);

/**
 * What an effect shares with others that go the same way: pages to one person or channel by one contact method (the rate
 * limit counts by it), updates of one message, calls of one hook. Slow deliveries of one lane delay that lane only.
 */
export function laneOf(effect: Effect): string {
  switch (effect.kind) {
    case 'page':
      return pageLane(effect.target, effect.contacts[effect.contactIndex]);
    case 'refresh': {
      const { channel, slackChannel, ts } = effect.message.ref;
      return `refresh ${channel}:${slackChannel}/${ts}`;
    }
    case 'inspect':
      return `inspect ${effect.rollback}`;
    case 'rollback':
      return `rollback ${effect.deployment}`;
    case 'wake':
      return 'wake';
  }
}

/** The lane of pages to a target by one of its contact methods. */
export const pageLane = (target: string, contact: Contact | undefined): string =>
  `${personOf(target)} ${contact === undefined ? 'nobody' : contactKey(contact)}`;

/** Who answers for it: a host, a Slack workspace, a topic, a hook. It takes so many deliveries at once, whatever their lanes. */
export function receiverOf(effect: Effect): string {
  switch (effect.kind) {
    case 'page': {
      const contact = effect.contacts[effect.contactIndex];
      return contact === undefined ? 'nobody' : contactReceiver(contact);
    }
    case 'refresh':
      return `refresh ${effect.message.ref.channel}`;
    case 'inspect':
    case 'rollback':
    case 'wake':
      return laneOf(effect);
  }
}

/** The receiver as one short word that names nobody, for queues that share their workers out fairly. Timers have none. */
export const groupOf = (effect: Effect): string | undefined => (effect.kind === 'wake' ? undefined : digest(receiverOf(effect)));

/** Whoever is on call is the same person as when they are meant by name. */
function personOf(target: string): string {
  const person = /^schedule\/.* \((.*)\)$/.exec(target)?.[1];
  return person === undefined ? target : `responder/${person}`;
}
