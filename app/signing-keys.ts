import { valuesIn } from '../core/access/ingest-keys/keys.ts';
import { leastSecretLength } from '../core/access/sign-in/sign-in-schema.ts';
import { keyFor } from '../core/access/sign-in/signed-text.ts';
import type { Secrets } from './ports/secrets.ts';

/** The first signs; all are valid. `fault`: why there are none. */
export type Keys = { ok: true; first: Uint8Array; all: readonly Uint8Array[] } | { ok: false; fault: string };

/**
 * Keys for one purpose from the secret of this name. `parts` are what else ends what was signed
 * when it changes.
 */
export async function keysOfSecret(secrets: Secrets, name: string, purpose: string, ...parts: string[]): Promise<Keys> {
  const values = valuesIn((await secrets.get(name)) ?? '');
  if (values.length === 0) return { ok: false, fault: `the secret ${name} has no value` };
  if (values.some((value) => bytes(value).length < leastSecretLength))
    return {
      ok: false,
      fault: `the secret ${name} is shorter than ${leastSecretLength} characters; openssl rand -hex 32 makes one`,
    };
  return keysOf(values.map(bytes), purpose, ...parts);
}

/** Keys for one purpose that follow from these roots. */
export function keysOf(roots: readonly Uint8Array[], purpose: string, ...parts: string[]): Keys {
  const all = roots.map((root) => keyFor(root, purpose, ...parts));
  const [first] = all;
  return first === undefined ? { ok: false, fault: 'there is no key' } : { ok: true, first, all };
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
