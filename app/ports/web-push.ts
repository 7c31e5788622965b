import type { Device } from '../../core/response/devices/device.ts';
import type { PushMessage } from '../../core/vocabulary/push-message.ts';

/** What a browser gives of a subscription. */
export type Subscription = Pick<Device, 'endpoint' | 'p256dh' | 'auth'>;

/** `gone`: the browser no longer takes messages by this subscription, and never will. */
export type Pushed = 'taken' | 'gone';

/** Messages to browsers, by their vendors' push services, which cannot read them. */
export type WebPush = {
  /** The public key that browsers subscribe with. Throws DeliveryError if there is none. */
  publicKey(): Promise<string>;
  /** Why nothing can be sent by this subscription; undefined if it can. */
  fault(subscription: Subscription): Promise<string | undefined>;
  /** Throws DeliveryError. */
  push(subscription: Subscription, message: PushMessage): Promise<Pushed>;
};

/** The devices of people, for whoever sends to them. */
export type DeviceBook = {
  of(responder: string): Promise<readonly Device[]>;
  /** Their push services took a message now. */
  taken(responder: string, ids: readonly string[]): Promise<void>;
  /** They take nothing any more, as their push services said. */
  gone(responder: string, ids: readonly string[]): Promise<void>;
};
