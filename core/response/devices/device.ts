import { digest } from '../../vocabulary/fingerprint.ts';

/**
 * A browser that takes pages: what the browser says of its subscription (Push API), and what is
 * known of it.
 */
export type Device = {
  id: string;
  /** Where its push service takes messages. Whoever knows it and the keys can send: never shown. */
  endpoint: string;
  /** Its public key and its shared secret (RFC 8291), base64url. */
  p256dh: string;
  auth: string;
  /** For people: `Chrome on Android`. */
  name: string;
  /** Milliseconds since the epoch. */
  addedAt: number;
  /** When its push service last took a message. */
  takenAt?: number;
};

/** The devices on which one responder switched pages on, oldest first. */
export type Devices = { responder: string; devices: Device[]; version: number };

/** A page goes to all of them, so there are few. */
export const maxDevices = 10;
/** `takenAt` is that coarse, so that a storm of pages does not write with each. */
export const takenEveryMs = 60_000;

/** The same subscription is the same device, however often it is sent. */
export const deviceId = (endpoint: string): string => digest(endpoint, 12);

const next = (known: Devices | undefined, responder: string, devices: Device[]): Devices => ({
  responder,
  devices,
  version: (known?.version ?? 0) + 1,
});

/** With this device; one that is there already gets the new keys. Undefined: there are too many. */
export function withDevice(known: Devices | undefined, responder: string, device: Device): Devices | undefined {
  const others = (known?.devices ?? []).filter(({ id }) => id !== device.id);
  return others.length >= maxDevices ? undefined : next(known, responder, [...others, device]);
}

/** Without it; undefined if it is not there. */
export function withoutDevice(known: Devices, id: string): Devices | undefined {
  const devices = known.devices.filter((one) => one.id !== id);
  return devices.length === known.devices.length ? undefined : next(known, known.responder, devices);
}

/** Its push service took a message; undefined if that is known, or the device is gone. */
export function withTaken(known: Devices, ids: readonly string[], at: number): Devices | undefined {
  const isNews = ({ id, takenAt }: Device): boolean =>
    ids.includes(id) && (takenAt === undefined || Math.abs(at - takenAt) >= takenEveryMs);
  if (!known.devices.some(isNews)) return undefined;
  return next(
    known,
    known.responder,
    known.devices.map((one) => (isNews(one) ? { ...one, takenAt: at } : one)),
  );
}
