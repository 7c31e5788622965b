import * as z from 'zod';
import { isLoopback } from '../../vocabulary/loopback.ts';
import { exactlyOne, secretName } from '../../vocabulary/schema-parts.ts';

/**
 * One address, bare: names of people, lists and comments are refused. In lower-case ASCII or not,
 * as it was written.
 */
export const emailAddress = z.email({ error: 'expected one e-mail address such as ana@example.com' }).max(254);

const smtp = z
  .strictObject({
    host: z
      .string()
      .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|[0-9a-fA-F:]{2,39})$/, {
        error: 'expected the name or address of a mail server such as smtp.example.com, without scheme and port',
      })
      .describe('Name or address of the mail server that takes mail for delivery.'),
    port: z.int().min(1).max(65_535).optional().describe('By default 587 for starttls, 465 for implicit, 25 for off.'),
    tls: z
      .enum(['starttls', 'implicit', 'off'])
      .prefault('starttls')
      .describe(
        '`starttls`: begins in plain text and refuses to go on without TLS. `implicit`: TLS from the first byte. `off`: none.',
      ),
    user: z.string().min(1).max(200).optional().describe('User name at the mail server. With `password`.'),
    password: secretName.optional().describe('Name of the secret with the password. Without it Tocsin does not sign in.'),
    ca: secretName
      .optional()
      .describe(
        'Name of the secret with the CA certificates to trust instead of the public ones: PEM, or the absolute path of such a file.',
      ),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    error: 'expected both user and password, or neither',
  })
  .refine(({ host, tls, password }) => tls !== 'off' || password === undefined || isLoopback(`http://${literal(host)}`), {
    error: 'expected tls starttls or implicit: a password would cross the network in plain text',
    path: ['tls'],
  });

const literal = (host: string): string => (host.includes(':') ? `[${host}]` : host);

const ses = z.strictObject({
  identity: z
    .string()
    .regex(/^arn:[a-z-]+:ses:[a-z0-9-]+:\d{12}:identity\/[^\s/]+$/, {
      error: 'expected the ARN of a verified identity: arn:aws:ses:REGION:ACCOUNT:identity/DOMAIN-OR-ADDRESS',
    })
    .describe('ARN of the verified identity (domain or address) that pages are sent from; its region is where they are sent.'),
});

/** How mail leaves: by a mail server, or by Amazon SES. */
export const emailSchema = z
  .strictObject({
    from: emailAddress.describe('Address that pages come from. The mail server must let Tocsin use it.'),
    smtp: smtp.optional().describe('The mail server. Exactly one of `smtp` and `ses`.'),
    ses: ses.optional().describe('Amazon SES. Exactly one of `smtp` and `ses`.'),
  })
  .superRefine(exactlyOne(['smtp', 'ses']));

export type EmailSettings = z.output<typeof emailSchema>;
