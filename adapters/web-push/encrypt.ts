import { createECDH, randomBytes } from 'node:crypto';
import ece from 'http_ece';
import type { Subscription } from '../../app/ports/web-push.ts';

/** Encrypts a message so that only the browser of the subscription reads it (RFC 8291). */
export function encrypted(text: string, { p256dh, auth }: Pick<Subscription, 'p256dh' | 'auth'>): Buffer {
  const own = createECDH('prime256v1');
  own.generateKeys();
  const salt = randomBytes(16).toString('base64url');
  return ece.encrypt(Buffer.from(text), { version: 'aes128gcm', dh: p256dh, privateKey: own, salt, authSecret: auth });
}

/** Why nothing can be encrypted with these keys; undefined if it can. */
export function keyFault({ p256dh, auth }: Pick<Subscription, 'p256dh' | 'auth'>): string | undefined {
  if (bytesOf(auth)?.length !== 16) return 'expected 16 bytes as base64url in keys.auth';
  const point = bytesOf(p256dh);
  if (point?.length !== 65 || point[0] !== 4) return 'expected 65 bytes as base64url in keys.p256dh';
  try {
    const own = createECDH('prime256v1');
    own.generateKeys();
    own.computeSecret(point);
    return undefined;
  } catch {
    return 'expected a point of the curve P-256 in keys.p256dh';
  }
}

const bytesOf = (text: string): Buffer | undefined =>
  /^[A-Za-z0-9_-]{1,100}={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : undefined;
