import { DeliveryError } from '../../app/ports/delivery-error.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { cut } from '../../core/vocabulary/text.ts';

/** What nodemailer tells of a failed conversation with a mail server. */
export type SmtpFailure = Error & { code?: string; originalCode?: string; responseCode?: number; response?: string };

/** A server may say anything, of any length. */
const maxQuoted = 200;
const quoted = (response: string): string => cut(oneLine(response), maxQuoted);

/** By what was refused, as nodemailer names it. */
const whatToDo: Readonly<Record<string, string>> = {
  EAUTH: 'check user and password of settings.email.smtp',
  ETLS: 'it takes no STARTTLS; use tls: implicit in settings.email.smtp, or another mail server',
  EENVELOPE: 'check the address in the config, and that the mail server lets Tocsin send from settings.email.from',
};
/** What Node and OpenSSL call a certificate that is not trusted. */
const distrust = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|SSL|TLS/;

const refusesMail = 'the mail server refuses this message, see its log';

/**
 * RFC 5321, 4.2.1: 4yz may pass, 5yz stays. 503 is about the session and not about the message,
 * except where somebody signs in.
 */
export const passes = ({ code, responseCode = 0 }: SmtpFailure): boolean =>
  responseCode < 500 || (responseCode === 503 && code !== 'EAUTH');

/** What a server was told to sign in with, in each form in which it may repeat that. */
export type Told = { user: string; pass: string };

function withoutPassword(text: string, told: Told | undefined): string {
  if (told === undefined) return text;
  const { user, pass } = told;
  const forms = [`\0${user}\0${pass}`, pass].map((form) => Buffer.from(form).toString('base64'));
  return [...forms, pass].reduce((rest, form) => rest.replaceAll(form, '(the password)'), text);
}

/**
 * Maps a failed conversation to a DeliveryError, without the password. `to`: the mail server, for
 * people.
 */
export function smtpError(cause: unknown, to: string, told?: Told): DeliveryError {
  const failure = (cause instanceof Error ? cause : new Error(String(cause))) as SmtpFailure;
  const { code = '', responseCode = 0, response = '', message } = failure;
  if (responseCode >= 400) {
    const retryable = passes(failure);
    const todo = retryable ? '' : `; ${whatToDo[code] ?? refusesMail}`;
    return new DeliveryError(`${to}: ${quoted(withoutPassword(response, told))}${todo}`, { retryable, cause });
  }
  const what = code === 'ETLS' || distrust.test(failure.originalCode ?? '') ? 'no TLS that can be trusted' : 'no answer';
  return new DeliveryError(`${to}: ${what}: ${quoted(withoutPassword(message, told))}`, {
    retryable: true,
    timedOut: code === 'ETIMEDOUT',
    cause,
  });
}

/**
 * Who was refused while others were taken, in words: `refused for bo@example.com (550 5.1.1
 * unknown)`.
 */
export const partlyRefused = (refused: readonly (SmtpFailure & { recipient?: string })[]): string =>
  `refused for ${refused.map(({ recipient = 'somebody', response = '' }) => `${recipient} (${quoted(response)})`).join(', ')}`;
