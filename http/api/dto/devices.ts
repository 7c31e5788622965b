import * as z from 'zod';
import type { Device } from '../../../core/response/devices/device.ts';
import { actorSchema } from '../actor.ts';
import { timeOf, timeSchema } from './time.ts';
import { answeredAt } from './words.ts';

const deviceSchema = z
  .object({
    id: z.string(),
    name: z.string().describe('For people: `Chrome on Android`.'),
    addedAt: timeSchema.meta({ description: 'When pages were switched on.' }),
    takenAt: timeSchema.optional().meta({ description: 'When its push service last took a message, to the minute.' }),
  })
  .meta({ id: 'Device', description: 'A browser that takes pages. Its address and keys are shown to nobody.' });

export const devicesSchema = z
  .object({
    at: timeSchema.meta({ description: answeredAt }),
    responder: z.string(),
    publicKey: z.string().optional().describe('What a browser subscribes with (VAPID, base64url).'),
    fault: z.string().optional().describe('Why nothing can be sent to browsers.'),
    paged: z
      .boolean()
      .describe('Whether the contacts of the responder have `webPush` with their name: without it no page goes there.'),
    devices: z.array(deviceSchema).describe('At most 10.'),
  })
  .meta({ id: 'DeviceList' });
export type DevicesDto = z.infer<typeof devicesSchema>;

export const addDeviceRequestSchema = z
  .strictObject({
    actor: actorSchema,
    endpoint: z.string().max(1000).describe('As the browser gives it (`PushSubscription.toJSON()`), and `keys`.'),
    keys: z.strictObject({ p256dh: z.string().max(100), auth: z.string().max(100) }),
    name: z.string().trim().min(1).max(80).describe('What people call the device.'),
  })
  .meta({ id: 'AddDeviceRequest' });

export const deviceAddedSchema = z
  .object({ message: z.string().describe('What was done, for people.'), id: z.string() })
  .meta({ id: 'DeviceAdded' });

export const deviceDoneSchema = z
  .object({ message: z.string().describe('What was done, for people.') })
  .meta({ id: 'DeviceDone' });

export const deviceDto = ({ id, name, addedAt, takenAt }: Device): z.infer<typeof deviceSchema> => ({
  id,
  name,
  addedAt: timeOf(addedAt),
  ...(takenAt !== undefined && { takenAt: timeOf(takenAt) }),
});
