import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { sameText } from '../signing/hmac.ts';

/** Longer texts are not looked at: a browser sends cookies of 4 kB at most. */
const maxLength = 4096;

/**
 * A value that anybody may read and nobody else can make: `PAYLOAD.SIGNATURE`, both base64url. What
 * was signed for one purpose is not valid for another, because keys are made for one purpose each.
 */
export function signed(key: Uint8Array, value: object): string {
  const payload = base64url(utf8ToBytes(JSON.stringify(value)));
  return `${payload}.${signature(key, payload)}`;
}

/** The value of a text that one of the keys signed; undefined for every other text. */
export function verified(keys: readonly Uint8Array[], text: string): unknown {
  if (text.length > maxLength) return undefined;
  const [, payload, given] = /^([\w-]+)\.([\w-]{43})$/.exec(text) ?? [];
  if (payload === undefined || given === undefined) return undefined;
  let known = false;
  for (const key of keys) known = sameText(signature(key, payload), given) || known;
  if (!known) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(payload)));
  } catch {
    return undefined;
  }
}

/** A key for one purpose. Other `parts`, such as a password, end what was signed with them. */
export const keyFor = (secret: Uint8Array, purpose: string, ...parts: string[]): Uint8Array =>
  hmac(sha256, secret, utf8ToBytes(JSON.stringify([purpose, ...parts])));

const signature = (key: Uint8Array, payload: string): string =>
  base64url(hmac(sha256, key, concatBytes(utf8ToBytes('tocsin.'), utf8ToBytes(payload))));

const base64url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
