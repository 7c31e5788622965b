import type { ResponseConfig } from '../config.ts';
import { type Contact, contactKey, isReadBy } from '../contacts/contact.ts';
import { type AcknowledgeLink, contactDigest } from './acknowledge-link.ts';

/**
 * The contact of the config that a link was sent to, and the name that it acts under where it acts
 * as a contact: `channel/ml-alerts`, or `contact/KEY` for one of a responder that others read as
 * well. Undefined once the config has it no more, so that a lost phone is taken out by its line.
 */
export function contactBehind(
  { responders, channels }: Pick<ResponseConfig, 'responders' | 'channels'>,
  link: Pick<AcknowledgeLink, 'responder' | 'contact'>,
): { key: string; name: string } | undefined {
  const isIt = (contact: Contact): boolean => contactDigest(contact) === link.contact;
  if (link.responder !== undefined) {
    const { responder: name } = link;
    const known = Object.hasOwn(responders, name) ? responders[name] : undefined;
    const found = known?.contacts.find(isIt);
    if (known === undefined || found === undefined || !isReadBy(found, name, known)) return undefined;
    return { key: contactKey(found), name: `responder/${name}` };
  }
  const [channel, shared] = Object.entries(channels).find(([, contact]) => isIt(contact)) ?? [];
  if (shared !== undefined) return { key: contactKey(shared), name: `channel/${channel}` };
  const found = Object.values(responders)
    .flatMap(({ contacts }) => contacts)
    .find(isIt);
  return found === undefined ? undefined : { key: contactKey(found), name: `contact/${contactKey(found)}` };
}
