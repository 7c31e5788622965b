import type * as z from 'zod';
import type { AwsFault, AwsPermission } from '../../vocabulary/aws-permission.ts';

/** The settings that contacts may rest on. */
export type ContactSettings = { slack?: { token: string; signingSecret: string } | undefined };

/**
 * What is known of one kind of contact without reaching anybody. Its adapter is in the table of adapters/channels.ts.
 * `C`: a contact of the kind. `Input`: reads what the config says under the name of the kind.
 */
export type ContactKindOf<C extends { kind: string }, Input extends z.ZodType = z.ZodType> = {
  input: Input;
  fromInput(written: z.output<Input>): C;
  /** As effects and incidents keep it. */
  stored: z.ZodType<C>;
  /** One key a way to reach someone. It is shown on timelines: nothing that may be a secret. */
  key(contact: C): string;
  /** Who answers for it: a workspace, a topic, a host. It takes so many deliveries at once, whomever they are for. */
  receiver(contact: C): string;
  /** For whoever reads the config: `slack #ml-alerts`. May hold an address with a token in it. */
  text(contact: C): string;
  /** Whether a page to one disturbs those whom a page to the other reaches. */
  disturbsSame(a: C, b: C): boolean;
  /** Names of the secrets that pages to all contacts of the kind need; the contacts may be none. */
  secrets(contacts: readonly C[], settings: ContactSettings): string[];
  permissions(contact: C): AwsPermission[];
  /** What of the settings it needs and does not find, in words. */
  missing(settings: ContactSettings): string | undefined;
  awsFault(contact: C): AwsFault | undefined;
};
