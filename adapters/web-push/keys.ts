import { createECDH, type ECDH } from 'node:crypto';
import { DeliveryError } from '../../app/ports/delivery-error.ts';
import type { Outside } from '../../app/ports/outside.ts';

/** Of the VAPID key, base64url: 65 bytes as a browser takes them, and as a JSON Web Key. */
export type PushKeys = { publicKey: string; jwk: { kty: 'EC'; crv: 'P-256'; d: string; x: string; y: string } };

export type KeySource = Pick<Outside, 'config' | 'secrets' | 'ownPushKey'>;

/** 32 bytes as base64 or base64url, with or without padding; undefined for anything else. */
export function keysOf(privateKey: string): PushKeys | undefined {
  const text = privateKey.trim();
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const curve = createECDH('prime256v1');
  try {
    curve.setPrivateKey(Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'base64'));
  } catch {
    // Not every number of 32 bytes is on the curve.
    return undefined;
  }
  const point = curve.getPublicKey();
  const part = (from: number): string => point.subarray(from, from + 32).toString('base64url');
  const d = wholeKey(curve);
  return { publicKey: point.toString('base64url'), jwk: { kty: 'EC', crv: 'P-256', d, x: part(1), y: part(33) } };
}

/** All 32 bytes: Node leaves out zeros in front. */
function wholeKey(curve: ECDH): string {
  const bytes = curve.getPrivateKey();
  return Buffer.concat([Buffer.alloc(32 - bytes.length), bytes]).toString('base64url');
}

/** A new private key, base64url. */
export function newPrivateKey(): string {
  const curve = createECDH('prime256v1');
  curve.generateKeys();
  return wholeKey(curve);
}

/** The key that the config names, or the one that is kept here. Throws DeliveryError. */
export async function pushKeys({ config, secrets, ownPushKey }: KeySource): Promise<PushKeys> {
  const name = config.settings.webPush.key;
  if (name === undefined && ownPushKey === undefined) {
    const what =
      'settings.webPush.key names no secret, so nothing can be sent to browsers; docs/web-push.md says how to make one';
    throw new DeliveryError(`web push: ${what}`, { retryable: false });
  }
  let text: string | undefined;
  try {
    text = name === undefined ? await ownPushKey?.() : await secrets.get(name);
  } catch (cause) {
    const what = name === undefined ? 'the key that Tocsin made' : `the secret ${name}`;
    throw new DeliveryError(`web push: ${what} could not be read`, { retryable: true, cause });
  }
  const keys = text === undefined ? undefined : keysOf(text);
  if (keys !== undefined) return keys;
  const what = name === undefined ? 'the key in the store' : `the secret ${name}`;
  const found = text === undefined || text === '' ? 'has no value' : 'is no private VAPID key';
  const message = `web push: ${what} ${found}; expected 32 bytes as base64, such as of openssl rand -base64 32`;
  throw new DeliveryError(message, { retryable: false });
}
