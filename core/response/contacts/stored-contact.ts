import * as z from 'zod';
import { ofKind } from '../../vocabulary/kinds.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import { type Contact, contactKinds } from './contact.ts';

/**
 * A contact as effects and incidents keep it. One of a kind that this Tocsin does not know is kept: its page is to fail when
 * it is tried, so that the next contact method is, rather than be lost with its record.
 */
export const storedContact = z.custom<Contact>((value) => {
  if (typeof value !== 'object' || value === null || !('kind' in value) || typeof value.kind !== 'string') return false;
  return ofKind(contactKinds, value.kind)?.stored.safeParse(value).success ?? true;
});
true satisfies Reads<typeof storedContact, Contact>;
