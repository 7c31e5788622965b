import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import type { Subscription } from '../../app/ports/web-push.ts';

/**
 * A browser that has subscribed: it reads what was encrypted for it by RFC 8291 and RFC 8188,
 * without any library of ours.
 */
export function pushBrowser(endpoint: string): { subscription: Subscription; read: (body: Buffer) => string } {
  const own = createECDH('prime256v1');
  own.generateKeys();
  const auth = randomBytes(16);
  const subscription = {
    endpoint,
    p256dh: own.getPublicKey().toString('base64url'),
    auth: auth.toString('base64url'),
  };
  const derived = (key: Buffer, salt: Buffer, info: Buffer, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', key, salt, info, length));

  function read(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const recordSize = body.readUInt32BE(16);
    const keyLength = body.readUInt8(20);
    const sender = body.subarray(21, 21 + keyLength);
    const record = body.subarray(21 + keyLength);
    // RFC 8291, 4: one record is all that a message has.
    if (record.length > recordSize) throw new Error('expected one record');
    if (body.length > 4096) throw new Error(`expected at most 4096 bytes; received ${body.length}`);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), own.getPublicKey(), sender]);
    const secret = derived(own.computeSecret(sender), auth, info, 32);
    const key = derived(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = derived(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
    const opened = createDecipheriv('aes-128-gcm', key, nonce);
    opened.setAuthTag(record.subarray(-16));
    const plain = Buffer.concat([opened.update(record.subarray(0, -16)), opened.final()]);
    const end = plain.lastIndexOf(2);
    if (end < 0) throw new Error('expected the delimiter of a last record');
    return plain.subarray(0, end).toString();
  }
  return { subscription, read };
}

/** What a push service checks of whoever sends (RFC 8292): the claims, if the signature is good. */
export function vapidClaims(header: string | undefined): { publicKey: string; claims: Record<string, unknown> } | undefined {
  const [, token = '', publicKey = ''] = /^vapid t=(\S+), k=(\S+)$/.exec(header ?? '') ?? [];
  const [head = '', payload = '', signature = ''] = token.split('.');
  const point = Buffer.from(publicKey, 'base64url');
  if (point.length !== 65) return undefined;
  const part = (from: number): string => point.subarray(from, from + 32).toString('base64url');
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) }, format: 'jwk' });
  const signed = { key, dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', Buffer.from(`${head}.${payload}`), signed, Buffer.from(signature, 'base64url'))) return undefined;
  return { publicKey, claims: JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown> };
}
