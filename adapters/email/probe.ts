import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { ContactProbes, Probed } from '../../app/ports/probe.ts';
import { regionOfArn } from '../arn-region.ts';
import { sesError } from './ses.ts';
import { converse } from './smtp.ts';

const timeoutMs = 10_000;

/** Signs in, or asks SES about the identity; sends nothing. */
export const contactProbes: ContactProbes<'email'> = (contacts, { config: { settings }, secrets }) => {
  const { email } = settings;
  if (email === undefined || contacts.length === 0) return [];
  const at = { what: 'email', todo: 'docs/email.md says how to set it up' };
  const { smtp, ses } = email;
  if (smtp !== undefined) {
    return [
      {
        ...at,
        async run() {
          await converse(smtp, { secrets, timeoutMs });
          const signedIn = smtp.user === undefined ? 'it asks for no password' : `it takes the password of ${smtp.user}`;
          return { state: 'ok', found: `mail server ${smtp.host}: ${signedIn}; only a message would show whether one arrives` };
        },
      },
    ];
  }
  return ses === undefined ? [] : [{ ...at, run: () => probeIdentity(ses.identity) }];
};

async function probeIdentity(identity: string): Promise<Probed> {
  const client = new SESv2Client({ region: regionOfArn(identity), maxAttempts: 1 });
  try {
    return await probeSes(client, identity);
  } finally {
    client.destroy();
  }
}

/**
 * Whether SES sends from the identity, and to whom. Throws a DeliveryError that says what to do.
 */
export async function probeSes(client: SESv2Client, identity: string): Promise<Probed> {
  const name = identity.slice(identity.indexOf('/') + 1);
  try {
    const { VerifiedForSendingStatus } = await client.send(new GetEmailIdentityCommand({ EmailIdentity: name }));
    if (VerifiedForSendingStatus !== true)
      return { state: 'failed', found: `SES does not send from ${name} yet`, todo: 'verify the identity: docs/email.md' };
    const { ProductionAccessEnabled, SendingEnabled } = await client.send(new GetAccountCommand({}));
    if (SendingEnabled === false)
      return { state: 'failed', found: 'SES has paused sending for this account', todo: 'resume it in the console of SES' };
    if (ProductionAccessEnabled !== true)
      return {
        state: 'warn',
        found: `SES sends from ${name}, to verified addresses only (sandbox)`,
        todo: 'verify each address that is paged, or ask AWS for production access',
      };
    return { state: 'ok', found: `SES sends from ${name}` };
  } catch (cause) {
    throw sesError(cause, identity);
  }
}
