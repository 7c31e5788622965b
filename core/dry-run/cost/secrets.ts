import { contactsOf } from '../../config/contacts.ts';
import { ingestKeysOf } from '../../config/ingest-keys.ts';
import type { Config } from '../../config/schema.ts';
import { hookSecrets } from '../../remediation/hooks/hook.ts';
import { contactSecrets } from '../../response/contacts/contact.ts';

/** Names of the secrets the config needs, without repeats; each is an entry in Secrets Manager. */
export function secretsOf(config: Config): string[] {
  const { settings, deployments } = config;
  const names = [
    ...ingestKeysOf(settings).map(({ secret }) => secret),
    settings.webPassword,
    settings.deadMansPing?.url.includes('://') ? undefined : settings.deadMansPing?.url,
    settings.slack?.signingSecret,
    ...contactSecrets(contactsOf(config), settings),
    ...Object.values(deployments).flatMap(({ hook }) => hookSecrets(hook)),
  ];
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}
