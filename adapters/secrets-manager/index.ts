/**
 * Secrets from AWS Secrets Manager. The secret NAME of the config is the entry `<prefix>NAME`, its
 * value the plain string.
 *
 * - A value is kept in memory for five minutes, so a rotated secret is in use within that time and
 *   no call is made for
 * each request. A missing one is asked for again after 30 seconds. Calls for the same name at the
 * same time share one.
 * - When Secrets Manager does not answer, a value that was read before goes on being used: a page
 *   that is signed with
 * the token of five minutes ago beats no page. Without one the error is thrown, and names the
 * entry, never a value.
 * - Rights: secretsmanager:GetSecretValue on the entries the config names. Price: $0.40 an entry a
 *   month and $0.05 per
 * 10,000 calls (us-east-1).
 */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Secrets } from '../../app/ports/secrets.ts';

const keptMs = 300_000;
const missingKeptMs = 30_000;

export class SecretsError extends Error {
  override name = 'SecretsError';
}

type Known = { value: string | undefined; until: number };

/** `prefix` comes before the name: `tocsin/prod/`. `now` is the clock, for tests. */
export function secretsManager(options: { client: SecretsManagerClient; prefix: string; now?: () => number }): Secrets {
  const now = options.now ?? Date.now;
  const known = new Map<string, Known>();
  const asking = new Map<string, Promise<string | undefined>>();

  async function ask(name: string): Promise<string | undefined> {
    const entry = `${options.prefix}${name}`;
    try {
      const { SecretString } = await options.client.send(new GetSecretValueCommand({ SecretId: entry }));
      const value = SecretString === '' ? undefined : SecretString;
      known.set(name, { value, until: now() + (value === undefined ? missingKeptMs : keptMs) });
      return value;
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'ResourceNotFoundException') {
        known.set(name, { value: undefined, until: now() + missingKeptMs });
        return undefined;
      }
      const before = known.get(name);
      if (before?.value !== undefined) {
        known.set(name, { value: before.value, until: now() + missingKeptMs });
        return before.value;
      }
      const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      const advice = 'check that the entry is in this region and that the role may call secretsmanager:GetSecretValue on it';
      throw new SecretsError(`the secret ${entry} could not be read: ${why}; ${advice}`, { cause });
    }
  }

  return {
    async get(name) {
      const kept = known.get(name);
      if (kept !== undefined && kept.until > now()) return kept.value;
      const current = asking.get(name);
      if (current !== undefined) return current;
      const answer = ask(name).finally(() => asking.delete(name));
      asking.set(name, answer);
      return answer;
    },
  };
}
