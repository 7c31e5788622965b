import type { Contact } from '../response/contacts/contact.ts';
import type { Config } from './schema.ts';

/** Every way to reach anybody that the config names, also that of the synthetic incident; some may be there twice. */
export function contactsOf({ responders, channels, settings }: Pick<Config, 'responders' | 'channels' | 'settings'>): Contact[] {
  const test = settings.syntheticIncident?.contact;
  return [
    ...Object.values(responders).flatMap(({ contacts }) => contacts),
    ...Object.values(channels),
    ...(test === undefined ? [] : [test]),
  ];
}
