import * as z from 'zod';
import { severitySchema } from '../../vocabulary/schema-parts.ts';
import { ids, text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import { tenants } from '../../vocabulary/tenant.ts';
import { storedContact } from '../contacts/stored-contact.ts';
import { storedTarget } from '../escalation/page-target.ts';
import { pageReasons } from '../paging/posted.ts';
import { renamedRef, storedMessage } from '../paging/stored-message.ts';
import type { Effect } from './effect.ts';

const common = {
  id: ids.effectId,
  incidentId: ids.incidentId,
  createdAt: whole,
  trace: text.optional(),
  tenant: z.enum(tenants).optional(),
};

const carriedOut = z.object({
  deployment: text,
  from: text,
  to: text,
  requestId: text,
  providerId: text,
  already: z.boolean(),
  at: whole,
});

export const storedEffect = storedRecord<Effect>()(
  'effect',
  6,
  z.discriminatedUnion('kind', [
    z.object({
      ...common,
      kind: z.literal('page'),
      reason: z.enum(pageReasons),
      why: text,
      severity: severitySchema,
      tier: whole,
      target: storedTarget,
      contacts: z.array(storedContact),
      contactIndex: whole,
      step: whole,
    }),
    z.object({
      ...common,
      kind: z.literal('digest'),
      name: text,
      lines: z.array(text),
      target: storedTarget,
      contacts: z.array(storedContact),
    }),
    z.object({ ...common, kind: z.literal('update_message'), message: storedMessage }),
    z.object({ ...common, kind: z.literal('timer'), at: whole, generation: whole }),
    z.object({
      ...common,
      kind: z.literal('describe_deployment'),
      rollback: text,
      fingerprint: ids.fingerprint,
      by: text,
      confirms: carriedOut.optional(),
    }),
    z.object({
      ...common,
      kind: z.literal('rollback'),
      rollback: text,
      deployment: text,
      from: text,
      to: text,
      revision: text.optional(),
      requestId: text,
      by: text,
    }),
  ]),
  // Version 4 has pages about flapping, version 5 digests. Version 6 names kinds by other words.
  { 3: (value) => value, 4: (value) => value, 5: renamed },
);

const names: Readonly<Record<string, Effect['kind']>> = {
  wake: 'timer',
  refresh: 'update_message',
  inspect: 'describe_deployment',
};

function renamed(value: object): object {
  const kind = 'kind' in value ? String(value.kind) : '';
  const message = 'message' in value ? { message: renamedRef(value.message) } : {};
  return { ...value, ...message, ...(Object.hasOwn(names, kind) ? { kind: names[kind] } : {}) };
}
