import SMTPConnection, { type SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Secrets } from '../../app/ports/secrets.ts';
import type { EmailSettings } from '../../core/response/contacts/email-schema.ts';
import { MissingSecretError, neededPem, neededSecret } from '../secret-values.ts';
import type { Envelope } from './message.ts';
import { type SmtpFailure, smtpError } from './smtp-errors.ts';

export type SmtpServer = NonNullable<EmailSettings['smtp']>;

const usualPorts = { starttls: 587, implicit: 465, off: 25 } as const;

/** A mail server answers in a few lines. */
const maxAnswerBytes = 64 * 1024;

/**
 * What to sign in with and whom to trust; read for each message, so that a new password needs no
 * restart.
 */
type Access = { auth: { user: string; pass: string } | undefined; ca: string | undefined };

async function accessOf({ user, password, ca }: SmtpServer, secrets: Secrets, to: string): Promise<Access> {
  try {
    return {
      auth: user === undefined || password === undefined ? undefined : { user, pass: await neededSecret(secrets, password) },
      ca: ca === undefined ? undefined : await neededPem(secrets, ca),
    };
  } catch (cause) {
    const missing = cause instanceof MissingSecretError;
    const what = missing ? cause.message : 'a secret that settings.email.smtp names could not be read';
    throw new DeliveryError(`${to}: ${what}`, { retryable: !missing, cause });
  }
}

/**
 * One conversation with the mail server: sends `message`, or only signs in if there is none. It
 * ends after `timeoutMs`, whatever the server does. Throws DeliveryError.
 */
export async function converse(
  server: SmtpServer,
  { secrets, timeoutMs, mail }: { secrets: Secrets; timeoutMs: number; mail?: { envelope: Envelope; message: Buffer } },
): Promise<SMTPConnectionSendInfo | undefined> {
  const { host, tls, port = usualPorts[tls] } = server;
  const to = `mail server ${host}`;
  const { auth, ca } = await accessOf(server, secrets, to);
  const connection = new SMTPConnection({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    maxResponseSize: maxAnswerBytes,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketCloseTimeout: 0,
  });
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => {
      clearTimeout(timer);
      reject(smtpError(cause, to, auth));
      connection.close();
    };
    const late = (): SmtpFailure => Object.assign(new Error(`not done within ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
    const timer = setTimeout(() => fail(late()), timeoutMs);
    const end = (info?: SMTPConnectionSendInfo): void => {
      clearTimeout(timer);
      resolve(info);
      // Nobody waits for the farewell, and no server may keep the connection.
      connection.quit();
      setTimeout(() => connection.close(), 1000).unref();
    };
    const send = (): void => {
      if (mail === undefined) end();
      else
        connection.send({ from: mail.envelope.from, to: [...mail.envelope.to] }, mail.message, (error, info) =>
          error === null || error === undefined ? end(info) : fail(error),
        );
    };
    connection.on('error', fail);
    connection.connect((error) => {
      if (error !== undefined && error !== null) fail(error);
      else if (auth === undefined) send();
      else connection.login(auth, (refused) => (refused === null ? send() : fail(refused)));
    });
  });
}
