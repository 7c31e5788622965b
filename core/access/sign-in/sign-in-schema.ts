import * as z from 'zod';
import { secretName } from '../../vocabulary/schema-parts.ts';
import { positiveDuration } from '../../vocabulary/units.ts';
import { oidcSchema } from './oidc-schema.ts';

/** A shorter secret may be guessed from what it signed. */
export const leastSecretLength = 32;

export const signInSchema = z
  .strictObject({
    secret: secretName
      .optional()
      .describe(
        'Name of the secret that signs sessions and read-only links: 32 characters or more, such as of `openssl rand -hex 32`. During a rotation it holds two, separated by a comma or line break: the first signs, both are valid. Without it, sessions are signed by a key made from the web password, and there are no links.',
      ),
    lasts: positiveDuration.prefault('7d').describe('How long a session lasts, at most; then people sign in again.'),
    oidc: oidcSchema
      .optional()
      .describe('An OpenID provider at which people sign in. The web password is then for programs alone.'),
  })
  .refine(({ oidc, secret }) => oidc === undefined || secret !== undefined, {
    path: ['secret'],
    error: 'expected the NAME of a secret, which signs sessions: with `oidc` there is no password to make a key from',
  });

export type SignInConfig = z.output<typeof signInSchema>;
