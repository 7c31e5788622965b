import * as z from 'zod';
import { ofKind } from '../../vocabulary/kinds.ts';
import type { Reads } from '../../vocabulary/stored-record.ts';
import { type Contact, contactKinds } from './contact.ts';

/**
 * A stored contact in effects and incidents. A contact of an unknown kind is kept, so that its page
 * fails on delivery and the next contact method is tried, instead of losing the page with its
 * record.
 */
export const storedContact = z.custom<Contact>((value) => {
  if (typeof value !== 'object' || value === null || !('kind' in value) || typeof value.kind !== 'string') return false;
  return ofKind(contactKinds, value.kind)?.stored.safeParse(value).success ?? true;
});
true satisfies Reads<typeof storedContact, Contact>;
