import { LogLevel, WebClient } from '@slack/web-api';
import * as z from 'zod';
import { deliveryError } from './errors.ts';

/** Scopes of slack/manifest.yaml without which pages cannot be posted. */
export const neededScopes = ['chat:write'];

const answered = z.object({
  team: z.string().prefault(''),
  user: z.string().prefault(''),
  response_metadata: z.object({ scopes: z.array(z.string()).prefault([]) }).prefault({}),
});

/** Who the token is, and what it may do, by `auth.test`, which posts nothing. Throws DeliveryError, which says what to do. */
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
