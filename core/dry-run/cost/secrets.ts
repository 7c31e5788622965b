import { contactsOf } from '../../config/contacts.ts';
import { ingestKeysOf } from '../../config/ingest-keys.ts';
import type { Config } from '../../config/schema.ts';
import { signInSecrets } from '../../config/sign-in-secrets.ts';
import { hookSecrets } from '../../remediation/hooks/hook.ts';
import { contactSecrets } from '../../response/contacts/contact.ts';
import { sourceSecrets } from '../../telemetry/sources/source.ts';

/** Names of the secrets the config needs, without repeats; each is an entry in Secrets Manager. */
export function secretsOf(config: Config): string[] {
  const { settings, deployments, sources } = config;
  const names = [
    ...ingestKeysOf(settings).map(({ secret }) => secret),
    ...signInSecrets(settings),
    settings.deadMansPing?.url.includes('://') ? undefined : settings.deadMansPing?.url,
    settings.slack?.signingSecret,
    settings.webPush.key,
    ...contactSecrets(contactsOf(config), settings),
    ...Object.values(sources).flatMap(sourceSecrets),
    ...Object.values(deployments).flatMap(({ hook }) => hookSecrets(hook)),
  ];
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}
