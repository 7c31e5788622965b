import * as z from 'zod';
import { secretName } from '../../../vocabulary/schema-parts.ts';
import { text } from '../../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from '../contact-kind.ts';

/** Where an account of PagerDuty is served. */
const regions = ['us', 'eu'] as const;

/** `routingKey`: the name of the secret with the integration key of a service. */
export type PagerdutyContact = { kind: 'pagerduty'; routingKey: string; region: (typeof regions)[number] };

const written = z
  .strictObject({
    routingKey: secretName.describe('Name of the secret with the integration key of a service (Events API v2).'),
    region: z.enum(regions).prefault('us').describe('Service region of the account.'),
  })
  .describe('A service of PagerDuty, kept in step with the incident.');

export const pagerdutyContact = {
  input: written,
  fromInput: ({ routingKey, region }) => ({ kind: 'pagerduty', routingKey, region }),
  stored: z.object({ kind: z.literal('pagerduty'), routingKey: text, region: z.enum(regions) }),
  key: ({ routingKey }) => `pagerduty:${routingKey}`,
  receiver: ({ region }) => `pagerduty ${region}`,
  text: ({ routingKey, region }) => `pagerduty (${region}), the key in ${routingKey}`,
  takesEach: () => true,
  disturbsSame: (a, b) => a.routingKey === b.routingKey,
  secrets: (contacts) => contacts.map(({ routingKey }) => routingKey),
  permissions: () => [],
  missing: () => undefined,
  awsFault: () => undefined,
} satisfies ContactKindOf<PagerdutyContact, typeof written>;
