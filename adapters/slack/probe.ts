import { LogLevel, WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { ContactProbes, Probed } from '../../app/ports/probe.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { deliveryError } from './errors.ts';

/** Scopes in slack/manifest.yaml that posting pages needs. */
export const neededScopes = ['chat:write'];

const answered = z.object({
  team: z.string().prefault(''),
  user: z.string().prefault(''),
  response_metadata: z.object({ scopes: z.array(z.string()).prefault([]) }).prefault({}),
});

/**
 * The token's owner and scopes, from `auth.test`, which posts nothing. Throws a DeliveryError that
 * says what to do.
 */
export async function probeSlack({ token, apiUrl }: { token: string; apiUrl?: string | undefined }): Promise<{
  team: string;
  user: string;
  scopes: string[];
}> {
  const client = new WebClient(token, {
    slackApiUrl: apiUrl?.replace(/\/*$/, '/'),
    retryConfig: { retries: 0 },
    timeout: 5000,
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
  try {
    const { team, user, response_metadata } = answered.parse(await client.auth.test());
    return { team, user, scopes: response_metadata.scopes };
  } catch (cause) {
    throw deliveryError(cause, 'auth.test');
  }
}

/** One check per workspace, whatever channels contacts name. */
export const contactProbes: ContactProbes<'slack'> = (contacts, { config: { settings }, secrets, slackApiUrl }) =>
  contacts.length === 0 && settings.slack === undefined
    ? []
    : [
        {
          what: 'slack',
          todo: 'docs/slack.md says how to connect a workspace',
          run: () => probeToken(settings.slack?.token, secrets, slackApiUrl),
        },
      ];

async function probeToken(name: string | undefined, secrets: Secrets, apiUrl: string | undefined): Promise<Probed> {
  if (name === undefined)
    return { state: 'failed', found: 'contacts are on Slack, and settings.slack is missing', todo: 'add it: docs/slack.md' };
  const token = await secrets.get(name);
  if (token === undefined || token === '')
    return { state: 'failed', found: `the token ${name} has no value`, todo: 'docs/slack.md says where it comes from' };
  const { team, user, scopes } = await probeSlack({ token, apiUrl });
  const missing = neededScopes.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0)
    return {
      state: 'failed',
      found: `the token of ${user} in ${team} lacks the scope ${missing.join(', ')}`,
      todo: 'give the app the scopes of slack/manifest.yaml and install it again',
    };
  return { state: 'ok', found: `${user} in ${team} may post; only a post would show whether it is in each channel` };
}
