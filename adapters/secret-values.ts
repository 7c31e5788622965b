import { readFile } from 'node:fs/promises';
import type { Secrets } from '../app/ports/secrets.ts';

/** Says for people which secret has no value. */
export class MissingSecretError extends Error {
  override name = 'MissingSecretError';
}

/**
 * The value of a secret, trimmed. Throws `MissingSecretError`, or what the store of secrets throws.
 */
export async function neededSecret(secrets: Secrets, name: string): Promise<string> {
  const value = (await secrets.get(name))?.trim();
  if (value === undefined || value === '')
    throw new MissingSecretError(`the secret ${name} has no value; set it where Tocsin runs`);
  return value;
}

/**
 * The PEM text of a secret, or of the file whose absolute path it holds. Throws as `neededSecret`
 * does, or an Error that names the secret.
 */
export async function neededPem(secrets: Secrets, name: string): Promise<string> {
  const value = await neededSecret(secrets, name);
  if (!value.startsWith('/')) return value;
  return readFile(value, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`the file that the secret ${name} names cannot be read: ${cause.code ?? 'unknown reason'}`);
  });
}
