import { type Context, Hono } from 'hono';
import { registerDevice, removeDevice, takerOf, testDevice } from '../../app/devices/manage-devices.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { WebPush } from '../../app/ports/web-push.ts';
import type { HttpOptions } from '../options.ts';
import { refusedAs } from '../refused-as.ts';
import { webPerson } from '../web-access.ts';
import { act } from './act.ts';
import { personOf } from './actor.ts';
import { readBody } from './body.ts';
import { actRequestSchema } from './dto/action.ts';
import { addDeviceRequestSchema, deviceDto } from './dto/devices.ts';
import { timeOf } from './dto/time.ts';

const example = '{"endpoint": "https://fcm.googleapis.com/...", "keys": {"p256dh": "...", "auth": "..."}, "name": "Chrome"}';

/** `/contacts/:name/devices`: the browsers that take the pages of a responder. */
export function deviceRoutes(options: HttpOptions): Hono {
  const { ports, now, webPush = none } = options;
  const app = new Hono();
  const nameOf = (c: Context): string => c.req.param('name') ?? '';
  const idOf = (c: Context): string => c.req.param('id') ?? '';

  app.get('/', async (c) => {
    const whose = takerOf(ports, { name: nameOf(c), ...webPerson(c, options) });
    if (!whose.ok) return refusedAs(c, whose);
    const { taker } = whose;
    const [known, key] = await Promise.all([ports.store.devices(taker), keyOf(webPush)]);
    const contacts = ports.config.responders[taker]?.contacts ?? [];
    return c.json({
      at: timeOf(now()),
      responder: taker,
      ...key,
      paged: contacts.some((contact) => contact.kind === 'webPush' && contact.responder === taker),
      devices: (known?.devices ?? []).map(deviceDto),
    });
  });

  app.post('/', async (c) => {
    const body = await readBody(c, addDeviceRequestSchema, { example });
    if (!body.ok) return body.refused;
    const { actor, endpoint, keys, name: device } = body.value;
    const request = { name: nameOf(c), device, subscription: { endpoint, ...keys }, ...personOf(c, options, actor) };
    const result = await registerDevice(ports, webPush, request, now());
    return result.ok ? c.json({ message: result.message, id: result.id }) : refusedAs(c, result);
  });

  app.post('/:id/remove', (c) =>
    act(c, options, (person) => removeDevice(ports, { name: nameOf(c), id: idOf(c), ...person }, now())),
  );

  app.post('/:id/test', async (c) => {
    const body = await readBody(c, actRequestSchema, { example: '{"actor": "ana"}', empty: {} });
    if (!body.ok) return body.refused;
    const person = personOf(c, options, body.value.actor);
    const result = await testDevice(ports, webPush, { name: nameOf(c), id: idOf(c), ...person }, now());
    if (result.ok) return c.json({ message: result.message });
    return 'undelivered' in result ? c.json({ error: result.undelivered }, 502) : refusedAs(c, result);
  });
  return app;
}

async function keyOf(webPush: WebPush): Promise<{ publicKey: string } | { fault: string }> {
  try {
    return { publicKey: await webPush.publicKey() };
  } catch (error) {
    if (error instanceof DeliveryError) return { fault: error.message };
    throw error;
  }
}

const nothing = 'this Tocsin sends nothing to browsers';

/** Where nothing is there to send with. */
const none: WebPush = {
  publicKey: () => Promise.reject(new DeliveryError(nothing, { retryable: false })),
  fault: async () => nothing,
  push: () => Promise.reject(new DeliveryError(nothing, { retryable: false })),
};
