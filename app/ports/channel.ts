import { type Contact, type ContactKind, type ContactOf, contactKinds } from '../../core/response/contacts/contact.ts';
import type { Page } from '../../core/response/paging/page.ts';
import type { MessageRef } from '../../core/response/paging/posted.ts';
import { forEveryKind, ofKind, unknownKind } from '../../core/vocabulary/kinds.ts';
import { DeliveryError } from './delivery-error.ts';

/**
 * `note`: what the receiver took only in part, in words: `refused for bo@example.com (550)`.
 * `lacksChart`: the message was sent without its chart, which an update is to add.
 */
export type SendResult = { ref?: MessageRef; providerId?: string; note?: string; lacksChart?: true };

/**
 * Plain text, one idea a line; some lines are indented by two spaces. `at`: when it was made, in
 * milliseconds.
 */
export type DigestMessage = { title: string; lines: readonly string[]; url: string; at: number };

/** A way to reach somebody. Throws DeliveryError. */
export type Channel<K extends ContactKind = ContactKind> = {
  /** `key` is the effect id, for receivers that can deduplicate. */
  send(contact: ContactOf<K>, page: Page, key: string): Promise<SendResult>;
  /** Sends a digest. Absent if the medium cannot. */
  digest?(contact: ContactOf<K>, digest: DigestMessage, key: string): Promise<SendResult>;
  /** Updates a sent message in place. Absent if the medium cannot. */
  update?(ref: MessageRef, page: Page): Promise<void>;
};

export type Channels = { [K in ContactKind]: Channel<K> };

/** One channel for every kind of contact. */
export const everyChannel = (channel: Channel): Channels => forEveryKind(contactKinds, () => channel) as Channels;

/**
 * The channel of a contact. Throws DeliveryError for an unknown kind, which a newer Tocsin may have
 * stored: the next contact method is tried.
 */
export function channelOf(channels: Channels, contact: Contact): Channel {
  const channel = ofKind(channels, contact.kind);
  if (channel === undefined) throw new DeliveryError(unknownKind('contact', contact.kind), { retryable: false });
  return channel as Channel;
}
