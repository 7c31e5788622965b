import type { Ports } from '../ports/ports.ts';
import type { DeviceBook } from '../ports/web-push.ts';
import { noteTaken, removeDevices, takesNoMore } from './change-devices.ts';

/**
 * The devices in the store. What became of a message is noted if it can be: the message was sent.
 */
export function deviceBook(ports: Pick<Ports, 'store' | 'log' | 'observeAudit'>, now: () => number): DeviceBook {
  async function noted(work: Promise<void>, responder: string): Promise<void> {
    try {
      await work;
    } catch (error) {
      ports.log('warn', 'what a push service said of a device could not be stored', { responder, error: String(error) });
    }
  }
  return {
    of: async (responder) => (await ports.store.devices(responder))?.devices ?? [],
    taken: (responder, ids) => noted(noteTaken(ports, ids, { responder, now: now() }), responder),
    gone(responder, ids) {
      return noted(removeDevices(ports, ids, { responder, actor: 'tocsin', now: now(), why: takesNoMore }), responder);
    },
  };
}
