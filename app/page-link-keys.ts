import type { Ports } from './ports/ports.ts';
import { bytes, type Keys, keysOf, keysOfSecret } from './signing-keys.ts';

export type PageLinkPurpose = 'acknowledge link' | 'chart link';

/**
 * Keys of links in pages. They follow from a secret of their own, so that what sends pages cannot
 * sign sessions; where the config names none, from the key that one machine keeps for itself.
 * Undefined where nothing signs links, which is a choice; a `fault` is none. Never throws.
 */
export async function pageLinkKeys(
  { config, secrets, ownLinkKey }: Pick<Ports, 'config' | 'secrets' | 'ownLinkKey'>,
  purpose: PageLinkPurpose,
): Promise<Keys | undefined> {
  const { secret } = config.settings.pageLinks;
  try {
    if (secret !== undefined) return await keysOfSecret(secrets, secret, purpose);
    return ownLinkKey === undefined ? undefined : keysOf([bytes(await ownLinkKey())], purpose);
  } catch (cause) {
    return { ok: false, fault: cause instanceof Error ? cause.message : String(cause) };
  }
}
