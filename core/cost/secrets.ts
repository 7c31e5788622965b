import { ingestKeysOf } from '../config/ingest-keys.ts';
import type { Config } from '../config/schema.ts';

/** Names of the secrets that the config needs, each once: an entry of Secrets Manager each. */
export function secretsOf({ settings, responders, channels, deployments }: Config): string[] {
  const contacts = [...Object.values(responders).flatMap((responder) => responder.contacts), ...Object.values(channels)];
  const names = [
    ...ingestKeysOf(settings).map(({ secret }) => secret),
    settings.webPassword,
    settings.deadMansPing?.url.includes('://') ? undefined : settings.deadMansPing?.url,
    settings.slack?.token,
    settings.slack?.signingSecret,
    ...contacts.map(({ webhook }) => webhook?.secret),
    ...Object.values(deployments).map(({ hook }) => hook.webhook?.secret),
  ];
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}
