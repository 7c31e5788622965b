import type { Secrets } from '../app/ports/secrets.ts';
import type { OneWayIn } from '../core/telemetry/way-in.ts';
import { neededSecret } from './secret-values.ts';

/** RFC 7617. */
export const basicAuthorization = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/**
 * The header by which a server knows us; none without credentials. Throws as `neededSecret` does.
 */
export async function authorizationOf({ basic, bearer }: OneWayIn, secrets: Secrets): Promise<{ Authorization?: string }> {
  if (basic !== undefined) {
    return { Authorization: basicAuthorization(basic.username, await neededSecret(secrets, basic.password)) };
  }
  return bearer === undefined ? {} : { Authorization: `Bearer ${await neededSecret(secrets, bearer)}` };
}
