import type { Context } from 'hono';
import { addAuditEntry } from '../../app/respond/with-audit-entry.ts';
import { auditEntry } from '../../core/access/audit-log.ts';
import type { Person } from '../../core/access/permission.ts';
import type { SessionHow } from '../../core/access/sign-in/session.ts';
import type { HttpOptions } from '../options.ts';
import { addressOf } from './tries.ts';

/** Writes into the audit log who signed in. They are signed in also if nothing can be written. */
export async function noteSignIn(
  c: Context,
  { ports, now }: HttpOptions,
  { actor, role }: Person,
  how: SessionHow,
): Promise<void> {
  const [at, from] = [now(), addressOf(c)];
  const text = `signed in ${how === 'oidc' ? 'at the OpenID provider' : 'with the web password'} from ${from}`;
  try {
    await addAuditEntry(ports, auditEntry({ at, kind: 'signed in', text, actor, data: { how, role, from } }, from));
  } catch (error) {
    ports.log('warn', 'a sign-in could not be written to the audit log', { actor, error: String(error) });
  }
}
