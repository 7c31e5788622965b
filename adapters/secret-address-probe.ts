import type { Probe, Probed } from '../app/ports/probe.ts';
import type { Secrets } from '../app/ports/secrets.ts';
import type { Contact } from '../core/response/contacts/contact.ts';
import { distinctContacts } from './distinct-contacts.ts';
import { deliveryUrl } from './vendor-post.ts';

/** A contact of a kind whose address is a secret. */
type SecretAddress = Extract<Contact, { address: string }>;

/** Whether each secret holds an address of https. Nothing is sent: each post would be read. */
export const secretAddressProbes =
  (docs: string) =>
  (contacts: readonly SecretAddress[], { secrets }: { secrets: Secrets }): Probe[] =>
    distinctContacts(contacts).map(([what, { address }]) => ({
      what,
      todo: `${docs} says where the address comes from`,
      async run(): Promise<Probed> {
        const { protocol, host } = await deliveryUrl(secrets, address, what);
        if (protocol !== 'https:')
          return { state: 'warn', found: `${address} holds an address without TLS`, todo: 'use one that begins with https://' };
        return { state: 'ok', found: `${address} holds an address at ${host}; only a message would show whether it is taken` };
      },
    }));
