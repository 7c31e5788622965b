import { valuesIn } from '../../core/access/ingest-keys/keys.ts';
import { leastSecretLength } from '../../core/access/sign-in/sign-in-schema.ts';
import { keyFor } from '../../core/access/sign-in/signed-text.ts';
import type { HttpOptions } from '../options.ts';

/** The first signs; all are valid. `fault`: why there are none. */
export type Keys = { ok: true; first: Uint8Array; all: readonly Uint8Array[] } | { ok: false; fault: string };

/** OWASP's figure for PBKDF2 with SHA-256. */
const rounds = 600_000;

/**
 * Keys for one purpose. With `settings.signIn.secret` they follow from it, otherwise from the web
 * password, slowly: whoever has a cookie must not be able to try out passwords on it. `parts` are
 * what else ends what was signed when it changes.
 */
export async function keysFor({ ports }: HttpOptions, purpose: string, ...parts: string[]): Promise<Keys> {
  const { signIn, webPassword } = ports.config.settings;
  const name = signIn.secret ?? webPassword;
  if (name === undefined) return { ok: false, fault: 'settings.signIn.secret names no secret' };
  const value = (await ports.secrets.get(name)) ?? '';
  if (value === '') return { ok: false, fault: `the secret ${name} has no value` };
  const roots = signIn.secret === undefined ? [await slowKey(value)] : valuesIn(value).map(bytes);
  if (signIn.secret !== undefined && roots.some(({ length }) => length < leastSecretLength))
    return {
      ok: false,
      fault: `the secret ${name} is shorter than ${leastSecretLength} characters; openssl rand -hex 32 makes one`,
    };
  const all = roots.map((root) => keyFor(root, purpose, ...parts));
  const [first] = all;
  return first === undefined ? { ok: false, fault: `the secret ${name} has no value` } : { ok: true, first, all };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

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
