import { bytes, type Keys, keysOf, keysOfSecret } from '../../app/signing-keys.ts';
import type { HttpOptions } from '../options.ts';

/** OWASP's figure for PBKDF2 with SHA-256. */
const rounds = 600_000;

/**
 * Keys for one purpose. With `settings.signIn.secret` they follow from it, otherwise from the web
 * password, slowly: whoever has a cookie must not be able to try out passwords on it. `parts` are
 * what else ends what was signed when it changes.
 */
export async function keysFor({ ports }: HttpOptions, purpose: string, ...parts: string[]): Promise<Keys> {
  const { signIn, webPassword } = ports.config.settings;
  if (signIn.secret !== undefined) return keysOfSecret(ports.secrets, signIn.secret, purpose, ...parts);
  if (webPassword === undefined) return { ok: false, fault: 'settings.signIn.secret names no secret' };
  const value = (await ports.secrets.get(webPassword)) ?? '';
  if (value === '') return { ok: false, fault: `the secret ${webPassword} has no value` };
  return keysOf([await slowKey(value)], purpose, ...parts);
}

/** It takes long, and the password rarely changes: the latest is remembered. */
let latest: { password: string; key: Promise<Uint8Array> } | undefined;

function slowKey(password: string): Promise<Uint8Array> {
  if (latest?.password === password) return latest.key;
  const key = stretched(password);
  latest = { password, key };
  return key;
}

async function stretched(password: string): Promise<Uint8Array> {
  const from = await crypto.subtle.importKey('raw', Uint8Array.from(bytes(password)), 'PBKDF2', false, ['deriveBits']);
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: Uint8Array.from(bytes('tocsin sessions')), iterations: rounds };
  return new Uint8Array(await crypto.subtle.deriveBits(how, from, 256));
}
