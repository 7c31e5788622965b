import type { Contact } from '../response/contacts/contact.ts';
import type { Config } from './schema.ts';

/** Every contact in the config, including the synthetic incident's; may repeat. */
export function contactsOf({ responders, channels, settings }: Pick<Config, 'responders' | 'channels' | 'settings'>): Contact[] {
  const test = settings.syntheticIncident?.contact;
  return [
    ...Object.values(responders).flatMap(({ contacts }) => contacts),
    ...Object.values(channels),
    ...(test === undefined ? [] : [test]),
  ];
}
