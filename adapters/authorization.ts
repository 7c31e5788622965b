import type { Secrets } from '../app/ports/secrets.ts';
import type { OneWayIn } from '../core/telemetry/way-in.ts';
import { neededSecret } from './secret-values.ts';

/** The header by which a server knows us; none without credentials. Throws as `neededSecret` does. */
export async function authorizationOf({ basic, bearer }: OneWayIn, secrets: Secrets): Promise<{ Authorization?: string }> {
  if (basic !== undefined) {
    const both = `${basic.username}:${await neededSecret(secrets, basic.password)}`;
    return { Authorization: `Basic ${Buffer.from(both).toString('base64')}` };
  }
  return bearer === undefined ? {} : { Authorization: `Bearer ${await neededSecret(secrets, bearer)}` };
}
