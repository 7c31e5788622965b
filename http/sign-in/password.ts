import type { Context } from 'hono';
import { addAuditEntry } from '../../app/respond/with-audit-entry.ts';
import { auditEntry } from '../../core/access/audit-log.ts';
import { sameSecret } from '../../core/access/signing/same-secret.ts';
import type { HttpOptions } from '../options.ts';
import { addressOf, triesOf } from './tries.ts';

export type Password = { ok: true; value: string } | { ok: false; fault: string };

/** The web password; undefined if the config names none. */
export async function webPassword({ ports }: HttpOptions): Promise<Password | undefined> {
  const name = ports.config.settings.webPassword;
  if (name === undefined) return undefined;
  const value = await ports.secrets.get(name);
  if (value !== undefined && value !== '') return { ok: true, value };
  ports.log('error', 'the web password has no value', { secret: name });
  return { ok: false, fault: `the secret ${name} has no value` };
}

export type Compared = 'right' | 'wrong' | { waitSeconds: number };

/** How long whoever gave a wrong password waits for the answer. */
const wrongMs = 1000;

/**
 * Compares a password that somebody gave. A wrong one is slow, counts against its address, and is
 * audited without anything that was typed: people type their password into the field of the name.
 */
export async function comparePassword(c: Context, options: HttpOptions, expected: string, given: string): Promise<Compared> {
  const [tries, address, now] = [triesOf(options), addressOf(c), options.now()];
  const waitSeconds = tries.wait(address, now);
  if (waitSeconds !== undefined) return { waitSeconds };
  if (sameSecret(expected, given)) return 'right';
  // Counted before anything is awaited: requests at the same time share one count.
  const audited = tries.wrong(address, now);
  options.ports.log('warn', 'a wrong web password', { from: address });
  if (audited) await auditWrong(options, address, now);
  await (options.pause ?? pause)(wrongMs);
  return 'wrong';
}

async function auditWrong({ ports }: HttpOptions, address: string, at: number): Promise<void> {
  const text = `sign in: a wrong web password from ${address}`;
  try {
    const data = { action: 'sign in', from: address };
    await addAuditEntry(ports, auditEntry({ at, kind: 'refused', text, actor: 'web', data }, address));
  } catch (error) {
    ports.log('warn', 'a wrong web password could not be written to the audit log', { error: String(error) });
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
