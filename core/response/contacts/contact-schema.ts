import { kindUnion } from '../../vocabulary/kind-union.ts';
import { type Contact, contactKinds } from './contact.ts';

/** Reads `slack: C123` as `{ kind: 'slack', channel: 'C123' }`. */
export const contactSchema = kindUnion<Contact, typeof contactKinds>(contactKinds);
