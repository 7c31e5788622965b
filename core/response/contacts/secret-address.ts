import * as z from 'zod';
import { secretName } from '../../vocabulary/schema-parts.ts';
import { text } from '../../vocabulary/stored-parts.ts';
import type { ContactKindOf } from './contact-kind.ts';

/**
 * `address`: the name of a secret with a URL. Whoever has that URL posts there, so it is in no
 * config.
 */
export type SecretAddressContact<K extends string> = { kind: K; address: string };

/**
 * A kind of contact that is nothing but a secret URL. `description`: of its value in the config.
 * `by`: for people, `teams, by the workflow in`. The host is in the secret, so all of a kind are
 * one receiver.
 */
export const secretAddressKind = <K extends string>(
  kind: K,
  { description, by, receiver = kind }: { description: string; by: string; receiver?: string },
) => {
  const written = secretName.describe(description);
  type C = SecretAddressContact<K>;
  return {
    input: written,
    fromInput: (address: string): C => ({ kind, address }),
    stored: z.object({ kind: z.literal(kind), address: text }) as unknown as z.ZodType<C>,
    key: ({ address }: C) => `${kind}:${address}`,
    receiver: () => receiver,
    text: ({ address }: C) => `${by} ${address}`,
    disturbsSame: (a: C, b: C) => a.address === b.address,
    secrets: (contacts: readonly C[]) => contacts.map(({ address }) => address),
    permissions: () => [],
    missing: () => undefined,
    awsFault: () => undefined,
  } satisfies ContactKindOf<C, typeof written>;
};
