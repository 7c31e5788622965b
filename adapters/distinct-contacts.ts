import { type Contact, contactKey } from '../core/response/contacts/contact.ts';

/** Each way to reach somebody once, with its key, however often the config names it. */
export const distinctContacts = <C extends Contact>(contacts: readonly C[]): [key: string, contact: C][] => [
  ...new Map(contacts.map((contact) => [contactKey(contact), contact])),
];
