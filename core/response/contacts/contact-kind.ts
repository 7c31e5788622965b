import type * as z from 'zod';
import type { AwsFault, AwsPermission } from '../../vocabulary/aws-permission.ts';
import type { EmailSettings } from './email-schema.ts';
import type { SmsSettings } from './sms-schema.ts';

/** Settings that contacts may need. */
export type ContactSettings = {
  slack?: { token: string; signingSecret: string } | undefined;
  webPush?: { key?: string | undefined } | undefined;
  email?: EmailSettings | undefined;
  sms?: SmsSettings | undefined;
  publicUrl?: string;
};

/**
 * What is known about a kind of contact without contacting anybody. Its adapter is in
 * adapters/channels.ts. `C` is a contact of this kind; `Input` reads its value in the config.
 */
export type ContactKindOf<C extends { kind: string }, Input extends z.ZodType = z.ZodType> = {
  input: Input;
  fromInput(written: z.output<Input>): C;
  /** The schema of a stored contact, in effects and incidents. */
  stored: z.ZodType<C>;
  /** One key per way to reach somebody. Timelines show it, so it must contain no secret. */
  key(contact: C): string;
  /**
   * The system that takes its deliveries: a workspace, topic or host. Concurrency is limited per
   * receiver.
   */
  receiver(contact: C): string;
  /** For people who read the config: `slack #ml-alerts`. May contain a URL with a token. */
  text(contact: C): string;
  /** The responder of the config that it names, if its kind names one. */
  responder?(contact: C): string;
  /**
   * Whether this responder, and nobody else, reads what is sent to a contact of theirs: a link in a
   * page then acts as them. Left out: others may read it, as in a channel or a mailing list, and a
   * link acts as the contact.
   */
  isReadBy?(contact: C, name: string, responder: { slackUser?: string | undefined; email?: string | undefined }): boolean;
  /**
   * Whether a program reads it that keeps track of incidents, and so needs a message about each:
   * pages to it are not bundled, and `pageInterval` holds none back. Left out: people read it.
   */
  takesEach?(contact: C): boolean;
  /** Whether pages to both contacts disturb the same people. */
  disturbsSame(a: C, b: C): boolean;
  /** Names of the secrets that pages to all these contacts need. The list may be empty. */
  secrets(contacts: readonly C[], settings: ContactSettings): string[];
  permissions(contact: C, settings: ContactSettings): AwsPermission[];
  /** Which settings it needs but lacks, for people. */
  missing(settings: ContactSettings): string | undefined;
  awsFault(contact: C): AwsFault | undefined;
};
