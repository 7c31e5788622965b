import * as z from 'zod';
import { text, whole } from '../../vocabulary/stored-parts.ts';
import { storedRecord } from '../../vocabulary/stored-record.ts';
import type { Devices } from './device.ts';

export const storedDevices = storedRecord<Devices>()(
  'devices',
  1,
  z.object({
    responder: text,
    devices: z.array(
      z.object({
        id: text,
        endpoint: text,
        p256dh: text,
        auth: text,
        name: text,
        addedAt: whole,
        takenAt: whole.optional(),
      }),
    ),
    version: whole,
  }),
);
