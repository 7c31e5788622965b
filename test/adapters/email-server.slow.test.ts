import { afterEach, describe, expect, it } from 'vitest';
import { emailChannel } from '../../adapters/email/index.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import { whyNoTls } from '../contract/certificates.ts';
import { channelContract } from '../contract/channel.ts';
import { examplePage } from '../contract/example-page.ts';
import { mailSecrets, mailServer, rawServer, smtpSettings } from './mail-server.ts';

const noSes = (): never => {
  throw new Error('expected no call of SES');
};
const channelTo = (port: number, over: Parameters<typeof smtpSettings>[1] = {}, secrets = mailSecrets()) =>
  emailChannel({ settings: smtpSettings(port, over), secrets, sesClient: noSes, timeoutMs: 5000 });
const ana = { kind: 'email' as const, to: ['ana@example.com'] };

const toClose: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(toClose.splice(0).map((one) => one.close()));
});
async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const one = await opening;
  toClose.push(one);
  return one;
}

async function failure(sending: Promise<unknown>): Promise<DeliveryError> {
  const error = await sending.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof DeliveryError)) throw new Error('expected a DeliveryError', { cause: error });
  return error;
}

describe.skipIf(whyNoTls !== undefined)(`e-mail over SMTP with STARTTLS${whyNoTls ?? ''}`, () => {
  channelContract(
    'e-mail',
    async () => {
      const server = await mailServer();
      return {
        channel: channelTo(server.port),
        contact: ana,
        behave: server.behave,
        delivered: () => server.taken.map(({ mail }) => ({ text: `${mail.subject}\n${mail.text}`, key: mail.messageId })),
        close: server.close,
      };
    },
    { saysWhen: false },
  );

  it('signs in over TLS only, and sends to and from the addresses of the config', async () => {
    const server = await opened(mailServer());
    await channelTo(server.port).send(ana, examplePage(), 'inc-1#1#0');
    expect(server.taken).toMatchObject([
      { to: ['ana@example.com'], from: 'tocsin@example.com', signedInAs: 'tocsin', secure: true },
    ]);
  });

  it('speaks TLS from the first byte where the config says so', async () => {
    const server = await opened(mailServer({ secure: true }));
    await channelTo(server.port, { tls: 'implicit' }).send(ana, examplePage(), 'k');
    expect(server.taken).toMatchObject([{ secure: true, signedInAs: 'tocsin' }]);
  });

  it('sends without TLS and without a password only where the config says so', async () => {
    const server = await opened(mailServer({ authOptional: true, hideSTARTTLS: true }));
    const plain = { tls: 'off', user: undefined, password: undefined } as const;
    await channelTo(server.port, plain).send(ana, examplePage(), 'k');
    expect(server.taken).toMatchObject([{ secure: false, signedInAs: undefined }]);
  });

  it('says nothing secret to a server without STARTTLS, and gives up', async () => {
    const server = await opened(rawServer('220 hi\r\n', (line) => (line.startsWith('EHLO') ? '250 hi\r\n' : '502 no\r\n')));
    expect(await failure(channelTo(server.port).send(ana, examplePage(), 'k'))).toMatchObject({ retryable: false });
    expect(server.heard.filter((line) => /AUTH|MAIL|DATA/.test(line))).toEqual([]);
  });

  it('trusts no certificate of another CA, and says nothing secret to its server', async () => {
    const server = await opened(mailServer());
    const error = await failure(channelTo(server.port, { ca: undefined }).send(ana, examplePage(), 'k'));
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining('no TLS that can be trusted') });
    expect(server.taken).toEqual([]);
  });

  it('says which secret has no value, and what to do about a wrong password, for good', async () => {
    const server = await opened(mailServer());
    const send = (value: string | undefined) =>
      failure(channelTo(server.port, {}, mailSecrets({ MAIL_PASSWORD: value })).send(ana, examplePage(), 'k'));
    expect(await send(undefined)).toMatchObject({ retryable: false, message: expect.stringContaining('MAIL_PASSWORD') });
    const wrong = await send('no such password');
    expect(wrong).toMatchObject({ retryable: false, message: expect.stringMatching(/535.*; check user and password/) });
    expect(wrong.message).not.toContain('no such password');
  });

  it('tries again where a password may be taken later', async () => {
    const onAuth = (_auth: unknown, _session: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error('4.7.0 try later'), { responseCode: 454 }));
    const server = await opened(mailServer({ onAuth }));
    expect(await failure(channelTo(server.port).send(ana, examplePage(), 'k'))).toMatchObject({ retryable: true });
  });

  it('arrives at those of several addresses who are taken, and says who is not', async () => {
    const server = await opened(mailServer());
    server.refuse.set('bo@example.com', { code: 550, text: '5.1.1 unknown\u0007 user' });
    const sent = await channelTo(server.port).send(
      { kind: 'email', to: ['ana@example.com', 'bo@example.com'] },
      examplePage(),
      'k',
    );
    expect(sent.note).toBe('refused for bo@example.com (550 5.1.1 unknown  user)');
    expect(server.taken.map(({ to }) => to)).toEqual([['ana@example.com']]);
  });

  it('tries again if all are refused and one of them only for now', async () => {
    const server = await opened(mailServer());
    server.refuse.set('ana@example.com', { code: 450, text: '4.2.0 greylisted' });
    server.refuse.set('bo@example.com', { code: 550, text: '5.1.1 unknown' });
    const to = ['ana@example.com', 'bo@example.com'];
    expect(await failure(channelTo(server.port).send({ kind: 'email', to }, examplePage(), 'k'))).toMatchObject({
      retryable: true,
    });
    server.refuse.set('ana@example.com', { code: 552, text: '5.2.2 full' });
    expect(await failure(channelTo(server.port).send({ kind: 'email', to }, examplePage(), 'k'))).toMatchObject({
      retryable: false,
    });
  });

  it('leaves no connection open', async () => {
    const ended: string[] = [];
    const server = await opened(mailServer({ onClose: ({ id }) => void ended.push(id) }));
    await channelTo(server.port).send(ana, examplePage(), 'k');
    await expect.poll(() => ended.length).toBe(1);
  });
});
