import type { WebPush } from '../app/ports/web-push.ts';
import { once } from './once.ts';
import type { KeySource } from './web-push/keys.ts';

/** What encrypts and signs is loaded when it is first needed. */
export function webPushOf(outside: KeySource): WebPush {
  const sender = once(async () => (await import('./web-push/sender.ts')).webPush(outside));
  return {
    publicKey: async () => (await sender()).publicKey(),
    fault: async (subscription) => (await sender()).fault(subscription),
    push: async (...request) => (await sender()).push(...request),
  };
}
