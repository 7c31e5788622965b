import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManager } from '../../adapters/secrets-manager/index.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import { variable } from './deployed.ts';

/** The secrets of this stage. The role allows exactly those this function needs. */
export function wireSecrets(): Secrets {
  return secretsManager({ client: new SecretsManagerClient({ maxAttempts: 3 }), prefix: variable('TOCSIN_SECRETS') });
}
