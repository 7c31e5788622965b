import { authorizeDevices, type Person } from '../../core/access/permission.ts';
import { type Device, deviceId, maxDevices } from '../../core/response/devices/device.ts';
import { testMessage } from '../../core/response/devices/push-message.ts';
import { oneLine } from '../../core/vocabulary/printable.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { DeliveryError } from '../ports/delivery-error.ts';
import type { Ports } from '../ports/ports.ts';
import type { Subscription, WebPush } from '../ports/web-push.ts';
import { noteRefused } from '../respond/note-refused.ts';
import { unknownResponder } from '../respond/page-test.ts';
import { type Refused, refused } from '../respond/refused.ts';
import { addDevice, noteTaken, removeDevices, takesNoMore } from './change-devices.ts';

type Needed = Pick<Ports, 'store' | 'log' | 'observeAudit' | 'config'>;
type Done = { ok: true; message: string };
/** `name`: a responder, or `me`. */
type Request = { name: string } & Person;

/** Whose devices a name means. */
export function takerOf({ config }: Pick<Ports, 'config'>, { name, ...person }: Request): { ok: true; taker: string } | Refused {
  const { responders } = config;
  const taker = name === 'me' && !Object.hasOwn(responders, 'me') ? person.responder : name;
  if (taker === undefined)
    return refused('invalid', `pages go to responders of the config, and ${person.actor} is none; sign in as one, or name one`);
  return Object.hasOwn(responders, taker)
    ? { ok: true, taker }
    : refused('not found', unknownResponder(taker, Object.keys(responders)));
}

async function allowed(ports: Needed, request: Request, now: number): Promise<{ ok: true; taker: string } | Refused> {
  const found = takerOf(ports, request);
  if (!found.ok) return found;
  const denied = authorizeDevices(request, found.taker);
  return denied === undefined ? found : noteRefused(ports, 'device', request, denied, now);
}

/** Switches pages to a responder on in a browser. */
export async function registerDevice(
  ports: Needed,
  webPush: WebPush,
  request: { subscription: Subscription; device: string } & Request,
  now: number,
): Promise<(Done & { id: string }) | Refused> {
  const whose = await allowed(ports, request, now);
  if (!whose.ok) return whose;
  const { subscription } = request;
  const fault = await webPush.fault(subscription);
  if (fault !== undefined) return refused('invalid', `the subscription cannot be used: ${fault}`);
  const id = deviceId(subscription.endpoint);
  const device: Device = { id, ...subscription, name: oneLine(request.device).trim() || 'a browser', addedAt: now };
  const { taker } = whose;
  if (!(await addDevice(ports, device, { responder: taker, actor: request.actor, now })))
    return refused('conflict', `${taker} takes pages on ${maxDevices} devices already; remove one of them first`);
  return { ok: true, id, message: `pages to ${taker} go to ${device.name}` };
}

type OneDevice = { id: string } & Request;

async function found(
  ports: Needed,
  request: OneDevice,
  now: number,
): Promise<{ ok: true; taker: string; device: Device } | Refused> {
  const whose = await allowed(ports, request, now);
  if (!whose.ok) return whose;
  const { taker } = whose;
  const device = (await ports.store.devices(taker))?.devices.find(({ id }) => id === request.id);
  return device === undefined
    ? refused('not found', `${taker} has no device ${shown(request.id)}; it may be removed already`)
    : { ok: true, taker, device };
}

export async function removeDevice(ports: Needed, request: OneDevice, now: number): Promise<Done | Refused> {
  const one = await found(ports, request, now);
  if (!one.ok) return one;
  const { taker, device } = one;
  await removeDevices(ports, [device.id], { responder: taker, actor: request.actor, now, why: 'switched off' });
  return { ok: true, message: `no more pages by ${device.name}` };
}

/** One message to one device, past incidents and the outbox: does it show what it is sent? */
export async function testDevice(
  ports: Needed,
  webPush: WebPush,
  request: OneDevice,
  now: number,
): Promise<Done | Refused | { ok: false; undelivered: string }> {
  const one = await found(ports, request, now);
  if (!one.ok) return one;
  const { taker, device } = one;
  try {
    if ((await webPush.push(device, testMessage(device.name, now))) === 'taken') {
      await noteTaken(ports, [device.id], { responder: taker, now });
      return { ok: true, message: `its push service took a test page for ${device.name}` };
    }
  } catch (error) {
    if (error instanceof DeliveryError) return { ok: false, undelivered: error.message };
    throw error;
  }
  await removeDevices(ports, [device.id], { responder: taker, actor: 'tocsin', now, why: takesNoMore });
  return { ok: false, undelivered: `${device.name} takes no more messages, so it was removed; switch pages on there again` };
}
