/** How the config says to whom Tocsin is known at a server that it asks. */
import * as z from 'zod';
import { secretName } from '../vocabulary/schema-parts.ts';

export const basic = z
  .strictObject({
    username: z
      .string()
      .regex(/^[^:]+$/, { error: 'expected a user name without ":"' })
      .describe('User name.'),
    password: secretName.describe('Name of the secret with the password.'),
  })
  .optional()
  .describe('HTTP basic authentication.');

export const bearer = secretName.optional().describe('Name of the secret with a bearer token.');

/** At most one of them is given. */
export type OneWayIn = { basic?: z.output<typeof basic>; bearer?: z.output<typeof bearer> };

const pem = 'The value is PEM text, or the absolute path of a file that holds it.';

/** `host`: the member of the config that names the server. */
export const tlsOf = (host: string) =>
  z
    .strictObject({
      ca: secretName
        .optional()
        .describe(`Name of the secret with the certificates to trust in place of the usual authorities. ${pem}`),
      cert: secretName.optional().describe(`Name of the secret with the client certificate. ${pem}`),
      key: secretName.optional().describe(`Name of the secret with its private key. ${pem}`),
      serverName: z.string().min(1).optional().describe(`The name to expect in the certificate, if not ${host}.`),
    })
    .refine(({ cert, key }) => (cert === undefined) === (key === undefined), { error: 'expected cert and key together' });

/** A user name in an address would be shown wherever the address is. */
export const withoutUser = (text: string): boolean => !URL.canParse(text) || new URL(text).username === '';
export const withoutUserError = 'expected an address without a user name; write it as `basic: { username, password }`';
