import type * as z from 'zod';
import { ofKind, unknownKind } from '../../vocabulary/kinds.ts';
import type { ContactKindOf, ContactSettings } from './contact-kind.ts';
import { type DiscordContact, discordContact } from './kinds/discord.ts';
import { type EmailContact, emailContact } from './kinds/email.ts';
import { type GoogleChatContact, googleChatContact } from './kinds/google-chat.ts';
import { type MattermostContact, mattermostContact } from './kinds/mattermost.ts';
import { type NtfyContact, ntfyContact } from './kinds/ntfy.ts';
import { type PagerdutyContact, pagerdutyContact } from './kinds/pagerduty.ts';
import { type SlackContact, slackContact } from './kinds/slack.ts';
import { type SlackWebhookContact, slackWebhookContact } from './kinds/slack-webhook.ts';
import { type SmsContact, smsContact } from './kinds/sms.ts';
import { type SnsContact, snsContact } from './kinds/sns.ts';
import { type TeamsContact, teamsContact } from './kinds/teams.ts';
import { type TelegramContact, telegramContact } from './kinds/telegram.ts';
import { type TerminalContact, terminalContact } from './kinds/terminal.ts';
import { type WebPushContact, webPushContact } from './kinds/web-push.ts';
import { type WebhookContact, webhookContact } from './kinds/webhook.ts';

/** One way to reach somebody. Written `slack: C123` in the config and read by `contactSchema`. */
export type Contact =
  | SlackContact
  | EmailContact
  | NtfyContact
  | SnsContact
  | WebhookContact
  | WebPushContact
  | TerminalContact
  | PagerdutyContact
  | SlackWebhookContact
  | SmsContact
  | TeamsContact
  | DiscordContact
  | TelegramContact
  | MattermostContact
  | GoogleChatContact;
export type ContactKind = Contact['kind'];
export type ContactOf<K extends ContactKind> = Extract<Contact, { kind: K }>;

/**
 * Every kind of contact. A new kind needs a file in kinds/, a member of `Contact`, and a line here
 * and in adapters/.
 */
export const contactKinds = {
  slack: slackContact,
  slackWebhook: slackWebhookContact,
  email: emailContact,
  ntfy: ntfyContact,
  pagerduty: pagerdutyContact,
  teams: teamsContact,
  googleChat: googleChatContact,
  mattermost: mattermostContact,
  telegram: telegramContact,
  discord: discordContact,
  sms: smsContact,
  sns: snsContact,
  webhook: webhookContact,
  webPush: webPushContact,
  terminal: terminalContact,
} satisfies { [K in ContactKind]: ContactKindOf<ContactOf<K>, z.ZodType> };

type Kind = Omit<ContactKindOf<Contact>, 'input' | 'fromInput' | 'stored'>;

/** A record or config of another Tocsin may hold a kind unknown here. */
const kindOf = ({ kind }: Contact): Kind | undefined => ofKind(contactKinds, kind);

/**
 * One key per way to reach somebody. Timelines show it, so it contains no secret. Unknown kinds get
 * a key too: delivery to them fails later, with a reason.
 */
export const contactKey = (contact: Contact): string => kindOf(contact)?.key(contact) ?? unknownKind('contact', contact.kind);

/** The system that takes a contact's deliveries. */
export const contactReceiver = (contact: Contact): string =>
  kindOf(contact)?.receiver(contact) ?? unknownKind('contact', contact.kind);

/** For people who read the config. May contain a URL with a token. */
export const contactText = (contact: Contact): string => kindOf(contact)?.text(contact) ?? unknownKind('contact', contact.kind);

/** The responder of the config that a contact names, if its kind names one. */
export const contactResponder = (contact: Contact): string | undefined => kindOf(contact)?.responder?.(contact);

/** Whether a responder, and nobody else, reads what is sent to this contact. */
export const isReadBy = (
  contact: Contact,
  name: string,
  responder: { slackUser?: string | undefined; email?: string | undefined },
): boolean => kindOf(contact)?.isReadBy?.(contact, name, responder) ?? false;

/** Whether a program reads it, which needs a message about each incident. */
export const takesEach = (contact: Contact): boolean => kindOf(contact)?.takesEach?.(contact) ?? false;

/** Whether pages to both contacts disturb the same people. */
export const disturbsSame = (a: Contact, b: Contact): boolean => a.kind === b.kind && (kindOf(a)?.disturbsSame(a, b) ?? false);

/** Which settings a contact needs but lacks, for people. */
export const missingFor = (contact: Contact, settings: ContactSettings): string | undefined => kindOf(contact)?.missing(settings);

/** Names of the secrets that pages to these contacts need; may repeat. */
export const contactSecrets = (contacts: readonly Contact[], settings: ContactSettings): string[] =>
  Object.entries(contactKinds).flatMap(([kind, { secrets }]: [string, Pick<Kind, 'secrets'>]) =>
    secrets(
      contacts.filter((contact) => contact.kind === kind),
      settings,
    ),
  );

export const contactPermissions = (contact: Contact, settings: ContactSettings) =>
  kindOf(contact)?.permissions(contact, settings) ?? [];

/** Why a contact that works on one machine does not work on AWS. */
export const contactAwsFault = (contact: Contact) => kindOf(contact)?.awsFault(contact);
