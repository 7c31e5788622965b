import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { EmailSettings } from '../../core/response/contacts/email-schema.ts';
import { type Certificate, certificate } from '../contract/certificates.ts';
import type { Behaviour } from '../contract/channel.ts';

export const user = 'tocsin';
export const password = 'hush hush';

let made: Certificate | undefined;
/** Making one takes a while, and no test changes it. */
export const testCertificate = (): Certificate => {
  made ??= certificate();
  return made;
};

/**
 * A message as it left, and to whom the server took it. `signedInAs`: who had signed in; `secure`:
 * over TLS.
 */
export type Taken = { raw: string; mail: Email; to: string[]; from: string; signedInAs: string | undefined; secure: boolean };

export type MailServer = {
  port: number;
  taken: Taken[];
  behave(behaviour: Behaviour): void;
  /** Addresses that are refused with this answer, whatever the behaviour. */
  refuse: Map<string, { code: number; text: string }>;
  close(): Promise<void>;
};

const refusal = ({ code, text }: { code: number; text: string }): Error => Object.assign(new Error(text), { responseCode: code });

/** A real SMTP server that asks for a password, with STARTTLS unless `options` say otherwise. */
export async function mailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const { key, cert } = testCertificate();
  let behaviour: Behaviour = 'well';
  const taken: Taken[] = [];
  const refuse: MailServer['refuse'] = new Map();
  const sockets = new Set<Socket>();
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = new SMTPServer({
    key,
    cert,
    logger: false,
    onAuth({ username, password: given }, _session, done) {
      if (username === user && given === password) done(null, { user: username });
      else done(refusal({ code: 535, text: '5.7.8 authentication failed' }));
    },
    onMailFrom(_address, _session, done) {
      if (behaviour === 'cut') cut();
      else if (typeof behaviour === 'object') done(refusal({ code: 451, text: `4.3.0 not now, ${behaviour.status}` }));
      else done();
    },
    onRcptTo({ address }, _session, done) {
      const refused = behaviour === 'dead' ? { code: 550, text: '5.1.1 no such user' } : refuse.get(address);
      done(refused === undefined ? null : refusal(refused));
    },
    onData(stream, { envelope, user: signedInAs, secure }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const to = envelope.rcptTo.map(({ address }) => address);
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const mail = await PostalMime.parse(raw);
        taken.push({ raw, mail, to, from, secure, signedInAs: signedInAs === undefined ? undefined : String(signedInAs) });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  (server.server as Server).on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server.server as Server, 'listening');
  return {
    port: ((server.server as Server).address() as AddressInfo).port,
    taken,
    refuse,
    behave(next) {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  };
}

/**
 * A server that says these bytes and nothing else: `greeting` at once, then what `answer` gives for
 * each line.
 */
export async function rawServer(
  greeting: string | undefined,
  answer: (line: string, socket: Socket) => string | undefined = () => undefined,
): Promise<{ port: number; heard: string[]; close(): Promise<void> }> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (greeting !== undefined) socket.write(greeting);
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        heard.push(line);
        const said = answer(line, socket);
        if (said !== undefined && !socket.destroyed) socket.write(said);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

type Smtp = NonNullable<EmailSettings['smtp']>;

/** Settings of a server on this machine that asks for the password of the secret MAIL_PASSWORD. */
export const smtpSettings = (port: number, over: Partial<Smtp> = {}): EmailSettings => ({
  from: 'tocsin@example.com',
  smtp: { host: 'localhost', port, tls: 'starttls', user, password: 'MAIL_PASSWORD', ca: 'MAIL_CA', ...over },
});

/** The secrets that `smtpSettings` names. */
export const mailSecrets = (over: Record<string, string | undefined> = {}) => ({
  get: async (name: string): Promise<string | undefined> =>
    ({ MAIL_PASSWORD: password, MAIL_CA: testCertificate().ca, ...over })[name],
});
