import * as z from 'zod';
import { isLoopback } from '../../vocabulary/loopback.ts';
import { httpUrl, secretName } from '../../vocabulary/schema-parts.ts';
import { roles } from '../roles.ts';

const claim = z.string().min(1).max(200);
const values = z.array(z.string().min(1)).min(1);

const issuer = httpUrl.refine((url) => !URL.canParse(url) || url.startsWith('https:') || isLoopback(url), {
  error: 'expected an https:// URL: whoever is on the way of plain HTTP could sign in as anybody',
});

export const oidcSchema = z.strictObject({
  issuer: issuer.describe('The issuer; its configuration is read from /.well-known/openid-configuration below it.'),
  clientId: z
    .string()
    .min(1)
    .describe('Under which this Tocsin is registered there, with the redirect URI PUBLIC_URL/signin/callback.'),
  clientSecret: secretName
    .optional()
    .describe('Name of the secret of the client. Left out for a public client, which PKCE alone protects.'),
  scopes: z.array(z.string().min(1)).prefault(['openid', 'email', 'profile']).describe('What is asked for; `openid` always is.'),
  names: claim.prefault('name').describe('The claim with the name that is shown.'),
  groups: claim.prefault('groups').describe('The claim with the groups of a person, a list of texts.'),
  unverifiedEmail: z
    .enum(['refused', 'trusted'])
    .prefault('refused')
    .describe(
      'What an e-mail address is worth whose claim `email_verified` is not true. `trusted` is for providers in which people cannot choose their own address, and which leave that claim out.',
    ),
  allow: z
    .strictObject({
      people: values.optional().describe('E-mail addresses.'),
      domains: values.optional().describe('What comes after the @ of an e-mail address.'),
      groups: values.optional().describe('Groups.'),
      everybody: z.literal(true).optional().describe('Everybody whom the issuer knows.'),
    })
    .prefault({})
    .describe('Who may sign in, besides the responders of the config whose `email` it is.'),
  roles: z
    .strictObject({
      admin: values.optional().describe('Groups whose members are admins.'),
      responder: values.optional().describe('Groups whose members are responders.'),
      otherwise: z.enum(roles).prefault('viewer').describe('The role of everybody else who may sign in.'),
    })
    .prefault({})
    .describe('Roles by group. A responder of the config has the role of the config, if it is higher.'),
});

export type OidcConfig = z.output<typeof oidcSchema>;
