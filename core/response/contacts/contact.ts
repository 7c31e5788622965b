import type * as z from 'zod';
import { ofKind, unknownKind } from '../../vocabulary/kinds.ts';
import type { ContactKindOf, ContactSettings } from './contact-kind.ts';
import { type SlackContact, slackContact } from './kinds/slack.ts';
import { type SnsContact, snsContact } from './kinds/sns.ts';
import { type TerminalContact, terminalContact } from './kinds/terminal.ts';
import { type WebhookContact, webhookContact } from './kinds/webhook.ts';

/** One way to reach somebody. The config says `slack: C123`; `contactSchema` makes this of it. */
export type Contact = SlackContact | SnsContact | WebhookContact | TerminalContact;
export type ContactKind = Contact['kind'];
export type ContactOf<K extends ContactKind> = Extract<Contact, { kind: K }>;

/** Every kind of contact. A new one is a file of kinds/, a member of `Contact`, and a line here and in adapters/. */
export const contactKinds = {
  slack: slackContact,
  sns: snsContact,
  webhook: webhookContact,
  terminal: terminalContact,
} satisfies { [K in ContactKind]: ContactKindOf<ContactOf<K>, z.ZodType> };

type Kind = Omit<ContactKindOf<Contact>, 'input' | 'fromInput' | 'stored'>;

/** A record or a config of another Tocsin may hold a kind that this one does not know. */
const kindOf = ({ kind }: Contact): Kind | undefined => ofKind(contactKinds, kind);

/**
 * One key a way to reach someone. It is shown on timelines, so it holds no secret. A name is never refused: what cannot be
 * reached fails when it is tried.
 */
export const contactKey = (contact: Contact): string => kindOf(contact)?.key(contact) ?? unknownKind('contact', contact.kind);

/** Who answers for a contact. */
export const contactReceiver = (contact: Contact): string =>
  kindOf(contact)?.receiver(contact) ?? unknownKind('contact', contact.kind);

/** For whoever reads the config; it may hold an address with a token in it. */
export const contactText = (contact: Contact): string => kindOf(contact)?.text(contact) ?? unknownKind('contact', contact.kind);

/** Whether a page to one disturbs those whom a page to the other reaches. */
export const disturbsSame = (a: Contact, b: Contact): boolean => a.kind === b.kind && (kindOf(a)?.disturbsSame(a, b) ?? false);

/** What of the settings a contact needs and does not find, in words. */
export const missingFor = (contact: Contact, settings: ContactSettings): string | undefined => kindOf(contact)?.missing(settings);

/** Names of the secrets that pages to these contacts need, some maybe twice. */
export const contactSecrets = (contacts: readonly Contact[], settings: ContactSettings): string[] =>
  Object.entries(contactKinds).flatMap(([kind, { secrets }]: [string, Pick<Kind, 'secrets'>]) =>
    secrets(
      contacts.filter((contact) => contact.kind === kind),
      settings,
    ),
  );

export const contactPermissions = (contact: Contact) => kindOf(contact)?.permissions(contact) ?? [];

/** Why a contact does not work on AWS as it does on one machine. */
export const contactAwsFault = (contact: Contact) => kindOf(contact)?.awsFault(contact);
