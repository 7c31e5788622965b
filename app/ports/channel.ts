import type { Contact } from '../../core/response/contacts/contact-schema.ts';
import type { Page } from '../../core/response/paging/page.ts';
import type { MessageRef } from '../../core/response/paging/posted.ts';

export type SendResult = { ref?: MessageRef; providerId?: string };

/** A way to reach someone. Throws DeliveryError. */
export type Channel = {
  /** `key` is the effect's id: a receiver that can dedupe gets it. */
  send(contact: Contact, page: Page, key: string): Promise<SendResult>;
  /** Replaces a message that was sent. Absent where the medium cannot. */
  update?(ref: MessageRef, page: Page): Promise<void>;
};
