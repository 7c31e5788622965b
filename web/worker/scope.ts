/**
 * What the worker uses of its surroundings. The library of a page declares none of it, and that of
 * workers contradicts it: https://www.w3.org/TR/service-workers/ and
 * https://www.w3.org/TR/push-api/.
 */
type Extendable = Event & { waitUntil(work: Promise<unknown>): void };
export type FetchEvent = Extendable & { request: Request; respondWith(answer: Promise<Response>): void };
export type PushEvent = Extendable & { data: { text(): string } | null };
/** `action`: the button that was pressed; empty for the notification itself. */
export type NotificationEvent = Extendable & { notification: Notification; action: string };
export type SubscriptionEvent = Extendable & {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
};
export type WindowClient = {
  url: string;
  focused: boolean;
  focus(): Promise<WindowClient>;
  navigate(url: string): Promise<unknown>;
};

type Events = {
  install: Extendable;
  activate: Extendable;
  fetch: FetchEvent;
  push: PushEvent;
  notificationclick: NotificationEvent;
  pushsubscriptionchange: SubscriptionEvent;
};

export type WorkerScope = {
  registration: ServiceWorkerRegistration;
  location: Location;
  caches: CacheStorage;
  clients: {
    matchAll(which: { type: 'window'; includeUncontrolled: boolean }): Promise<WindowClient[]>;
    openWindow(url: string): Promise<WindowClient | null>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): void;
};
