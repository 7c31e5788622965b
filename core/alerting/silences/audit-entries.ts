import { type AuditEntry, auditEntry, type Done } from '../../access/audit-log.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import { matchersText } from '../../vocabulary/matchers/matcher.ts';
import type { Silence } from './silence.ts';

/** `at`: when it was asked for, which is before it begins if it was planned. */
export function silenceEntry({ id, match, from, until, by, comment }: Silence, at = from): AuditEntry {
  const begins = from > at ? `from ${formatUtc(from)} ` : '';
  const text = `no pages for ${matchersText(match)} ${begins}until ${formatUtc(until)}: ${comment}`;
  return auditEntry({ at, kind: 'silenced', text, actor: by, data: { silence: id } }, id);
}

/** A silence that goes on for another time, or for another reason. */
export function silenceChangedEntry({ id, match, from, until, comment, version }: Silence, { at, actor }: Done): AuditEntry {
  const begins = from > at ? `from ${formatUtc(from)} ` : '';
  const text = `the silence ${id} was changed: no pages for ${matchersText(match)} ${begins}until ${formatUtc(until)}: ${comment}`;
  return auditEntry({ at, kind: 'silenced', text, actor, data: { silence: id } }, `${id} ${version}`);
}

export function silenceEndedEntry({ id, match }: Silence, { at, actor }: Done): AuditEntry {
  const text = `the silence ${id} ends; ${matchersText(match)} pages again`;
  return auditEntry({ at, kind: 'silence ended', text, actor, data: { silence: id } }, id);
}
