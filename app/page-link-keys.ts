import type { Ports } from './ports/ports.ts';
import { bytes, type Keys, keysOf, keysOfSecret } from './signing-keys.ts';

export type PageLinkPurpose = 'acknowledge link' | 'chart link';

/**
 * Keys of links in pages. They follow from a secret of their own, so that what sends pages cannot
 * sign sessions; where the config names none, from the key that one machine keeps for itself.
 */
export async function pageLinkKeys(
  { config, secrets, ownLinkKey }: Pick<Ports, 'config' | 'secrets' | 'ownLinkKey'>,
  purpose: PageLinkPurpose,
): Promise<Keys> {
  const { secret } = config.settings.pageLinks;
  if (secret !== undefined) return keysOfSecret(secrets, secret, purpose);
  if (ownLinkKey === undefined) return { ok: false, fault: 'settings.pageLinks.secret names no secret' };
  return keysOf([bytes(await ownLinkKey())], purpose);
}
