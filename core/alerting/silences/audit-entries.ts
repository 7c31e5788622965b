import { type AuditEntry, auditEntry, type Done } from '../../access/audit-log.ts';
import { matchersText } from '../../vocabulary/matchers/matcher.ts';
import type { Silence } from './silence.ts';

export function silenceEntry({ id, match, from, until, by, comment }: Silence): AuditEntry {
  const text = `no pages for ${matchersText(match)} until ${new Date(until).toISOString()}: ${comment}`;
  return auditEntry({ at: from, kind: 'silenced', text, actor: by, data: { silence: id } }, id);
}

export function silenceEndedEntry({ id, match }: Silence, { at, actor }: Done): AuditEntry {
  const text = `the silence ${id} ends; ${matchersText(match)} pages again`;
  return auditEntry({ at, kind: 'silence ended', text, actor, data: { silence: id } }, id);
}
