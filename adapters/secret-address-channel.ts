import type { DigestMessage, SendResult } from '../app/ports/channel.ts';
import type { Secrets } from '../app/ports/secrets.ts';
import type { Page } from '../core/response/paging/page.ts';
import { type Advice, delivered, deliveryUrl, jsonHeaders, type Posted } from './vendor-post.ts';

/** A channel for each kind of contact that is the name of a secret with an address. */
export type AddressChannel = {
  send(contact: { address: string }, page: Page, key: string): Promise<SendResult>;
  digest(contact: { address: string }, digest: DigestMessage, key: string): Promise<SendResult>;
};

/** What a vendor's address takes. `M`: its message, as JSON. */
export type AddressPosts<M> = Pick<Posted, 'timeoutMs' | 'maxBytes' | 'readsRefusals'> & {
  /** What is posted to, for people: `Teams workflow`. */
  name: string;
  /** `key`: of the effect, by which a repeat can be told. */
  page(page: Page, key: string): M;
  digest(digest: DigestMessage, key: string): M;
  advice: Advice;
  /** The address for one message; that of the secret when left out. */
  addressed?(url: URL, message: M): URL;
};

/**
 * A channel that posts to an address which is a secret, and from which nothing comes back: what was
 * posted cannot be changed later.
 */
export function secretAddressChannel<M>(secrets: Secrets, posts: AddressPosts<M>): AddressChannel {
  const { name, page: pageOf, digest: digestOf, advice, addressed = (url) => url, ...posted } = posts;
  async function post(address: string, message: M): Promise<SendResult> {
    const to = `${name} ${address}`;
    const url = addressed(await deliveryUrl(secrets, address, to), message);
    await delivered(to, url, { headers: jsonHeaders, body: JSON.stringify(message), ...posted }, advice);
    return {};
  }
  return {
    send: ({ address }, page, key) => post(address, pageOf(page, key)),
    digest: ({ address }, digest, key) => post(address, digestOf(digest, key)),
  };
}
