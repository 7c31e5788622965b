import type { ContactProbes } from '../../app/ports/probe.ts';
import { pushKeys } from './keys.ts';

/** Devices are in the store, which this does not open: a test page tells whether one is reached. */
export const contactProbes: ContactProbes<'webPush'> = (contacts, outside) => {
  if (contacts.length === 0) return [];
  const { key } = outside.config.settings.webPush;
  return [
    {
      what: 'webPush',
      todo: 'store a private VAPID key there: openssl rand -base64 32 makes one',
      async run() {
        if (key === undefined)
          return {
            state: 'skipped',
            found: 'its key is made by Tocsin on one machine; on AWS settings.webPush.key must name one',
          };
        await pushKeys(outside);
        return { state: 'ok', found: `the secret ${key} is a VAPID key; send a test page to see whether a device is reached` };
      },
    },
  ];
};
