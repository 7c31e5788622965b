import { type AuditEntry, auditEntry, type Done } from '../../access/audit-log.ts';
import type { Matchers } from '../../vocabulary/schema-parts.ts';
import type { Silence } from './silence.ts';

/** `model=flights, region=eu|us` */
export function matchText(match: Matchers): string {
  const parts = Object.entries(match).map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('|') : value}`);
  return parts.join(', ');
}

export function silenceEntry({ id, match, from, until, by, comment }: Silence): AuditEntry {
  const text = `no pages for ${matchText(match)} until ${new Date(until).toISOString()}: ${comment}`;
  return auditEntry({ at: from, kind: 'silenced', text, actor: by, data: { silence: id } }, id);
}

export function silenceEndedEntry({ id, match }: Silence, { at, actor }: Done): AuditEntry {
  const text = `the silence ${id} ends; ${matchText(match)} pages again`;
  return auditEntry({ at, kind: 'silence ended', text, actor, data: { silence: id } }, id);
}
