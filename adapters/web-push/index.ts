/**
 * Pages to browsers, on a phone as well, by the push service of the browser's vendor and without an
 * account there (RFC 8030). The vendor sees when a message goes to which browser, not what it says.
 *
 * - A page goes to every device of the responder at once. It has arrived when one push service took
 *   it. What a push service says is gone is removed.
 * - The encryption is that of the reference library `http_ece`; the proof of who sends (RFC 8292)
 *   is signed by `jose`.
 */
import type { Channel, SendResult } from '../../app/ports/channel.ts';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Outside } from '../../app/ports/outside.ts';
import type { DeviceBook, WebPush } from '../../app/ports/web-push.ts';
import type { Device } from '../../core/response/devices/device.ts';
import { digestMessage, pageMessage } from '../../core/response/devices/push-message.ts';
import type { PushMessage } from '../../core/vocabulary/push-message.ts';
import { webPush } from './sender.ts';

export function openChannel(outside: Outside): Channel<'webPush'> {
  const { devices } = outside;
  if (devices === undefined) throw new Error('expected the devices of people, which the function that delivers has');
  return webPushChannel(webPush(outside), devices);
}

export function webPushChannel(push: WebPush, book: DeviceBook): Channel<'webPush'> {
  const toAll = async (responder: string, message: PushMessage): Promise<SendResult> => {
    const devices = await book.of(responder);
    if (devices.length === 0) throw nobody(responder, 'took pages on no device');
    const sent = await Promise.all(devices.map((device) => pushed(push, device, message)));
    const idsOf = (outcome: Sent['outcome']): string[] => sent.filter((one) => one.outcome === outcome).map(({ id }) => id);
    const [taken, gone] = [idsOf('taken'), idsOf('gone')];
    if (gone.length > 0) await book.gone(responder, gone);
    if (taken.length > 0) {
      await book.taken(responder, taken);
      return {};
    }
    throw failure(sent) ?? nobody(responder, 'has no device any more that takes messages');
  };
  return {
    send: ({ responder }, page, key) => toAll(responder, pageMessage(page, key)),
    digest: ({ responder }, digest, key) => toAll(responder, digestMessage(digest, key)),
  };
}

type Sent = { id: string; outcome: 'taken' | 'gone' } | { id: string; outcome: 'failed'; error: DeliveryError };

async function pushed(push: WebPush, device: Device, message: PushMessage): Promise<Sent> {
  const { id } = device;
  try {
    return { id, outcome: await push.push(device, message) };
  } catch (error) {
    if (error instanceof DeliveryError) return { id, outcome: 'failed', error };
    throw error;
  }
}

/** The failure that is worth another try, if there is one. */
function failure(sent: readonly Sent[]): DeliveryError | undefined {
  const errors = sent.flatMap((one) => (one.outcome === 'failed' ? [one.error] : []));
  return errors.find(({ retryable }) => retryable) ?? errors[0];
}

function nobody(responder: string, what: string): DeliveryError {
  const todo = `${responder} switches pages on in Settings of the console, on each device`;
  return new DeliveryError(`web push: ${responder} ${what}; ${todo}`, { retryable: false });
}
