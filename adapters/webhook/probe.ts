import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ContactProbes, Probed } from '../../app/ports/probe.ts';
import { distinctContacts } from '../distinct-contacts.ts';

const timeoutMs = 5000;
const soonMs = 14 * 86_400_000;

export type Reached = {
  address: string /** The certificate's expiry, for https; milliseconds since the epoch. */;
  validTo?: number;
};

/**
 * Whether a URL is reachable: its name resolves, its port accepts connections, and for https its
 * certificate is trusted. Sends nothing. Throws an Error that names only the host, because the path
 * may be a secret.
 */
export function probeWebhook(url: string): Promise<Reached> {
  const { protocol, hostname, port, host } = new URL(url);
  const isTls = protocol === 'https:';
  const to = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isTls ? 443 : 80) };
  return new Promise((resolve, reject) => {
    const socket = isTls
      ? connectTls({ ...to, servername: /^[\d.]+$|:/.test(to.host) ? '' : to.host }, () => {
          done({ address: socket.remoteAddress ?? '', validTo: Date.parse(certificateOf()) });
        })
      : connect(to, () => done({ address: socket.remoteAddress ?? '' }));
    const certificateOf = (): string => ('getPeerCertificate' in socket ? (socket.getPeerCertificate().valid_to ?? '') : '');
    const done = (reached: Reached): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000}s`)));
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      reject(new Error(`${host} cannot be reached: ${cause.code ?? cause.message}`, { cause }));
    });
  });
}

export const contactProbes: ContactProbes<'webhook'> = (contacts, _outside, now) =>
  distinctContacts(contacts).map(([what, { url }]) => ({
    what,
    todo: 'check the address in the config, DNS, and that the receiver runs',
    run: () => probeAddress(url, now),
  }));

async function probeAddress(url: string, now: number): Promise<Probed> {
  const { validTo } = await probeWebhook(url);
  if (validTo !== undefined && validTo - now < soonMs) {
    const found = `its certificate ends ${new Date(validTo).toISOString().slice(0, 10)}`;
    return { state: 'warn', found, todo: 'renew the certificate' };
  }
  return { state: 'ok', found: `takes connections${validTo === undefined ? '' : ', and its certificate is valid'}` };
}
