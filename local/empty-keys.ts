import type { Log } from '../app/ports/log.ts';
import type { Secrets } from '../app/ports/secrets.ts';
import { valuesIn } from '../core/access/ingest-keys/keys.ts';
import { ingestKeysOf } from '../core/config/ingest-keys.ts';
import type { Config } from '../core/config/schema.ts';

/** Its sender would hear of it first, and a sender is often a job of somebody else. */
export async function warnOfEmptyKeys({ settings }: Pick<Config, 'settings'>, secrets: Secrets, log: Log): Promise<void> {
  for (const { name, secret } of ingestKeysOf(settings)) {
    const value = (await secrets.get(secret)) ?? '';
    if (valuesIn(value).length > 0) continue;
    log('warn', `the ingest key ${name} has no value: set ${secret} as an environment variable where Tocsin runs`);
  }
}
