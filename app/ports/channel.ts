import { type Contact, type ContactKind, type ContactOf, contactKinds } from '../../core/response/contacts/contact.ts';
import type { Page } from '../../core/response/paging/page.ts';
import type { MessageRef } from '../../core/response/paging/posted.ts';
import { forEveryKind, ofKind, unknownKind } from '../../core/vocabulary/kinds.ts';
import { DeliveryError } from './delivery-error.ts';

export type SendResult = { ref?: MessageRef; providerId?: string };

/** A way to reach someone. Throws DeliveryError. */
export type Channel<K extends ContactKind = ContactKind> = {
  /** `key` is the effect's id: a receiver that can dedupe gets it. */
  send(contact: ContactOf<K>, page: Page, key: string): Promise<SendResult>;
  /** Replaces a message that was sent. Absent where the medium cannot. */
  update?(ref: MessageRef, page: Page): Promise<void>;
};

export type Channels = { [K in ContactKind]: Channel<K> };

/** One channel for every kind of contact. */
export const everyChannel = (channel: Channel): Channels => forEveryKind(contactKinds, () => channel) as Channels;

/**
 * The channel that reaches a contact. Throws DeliveryError for a kind that this Tocsin does not know, as a newer one may
 * have stored: that contact method cannot work, and the next one is tried.
 */
export function channelOf(channels: Channels, contact: Contact): Channel {
  const channel = ofKind(channels, contact.kind);
  if (channel === undefined) throw new DeliveryError(unknownKind('contact', contact.kind), { retryable: false });
  return channel as Channel;
}
