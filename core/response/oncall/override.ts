import { type AuditEntry, auditEntry, type Done } from '../../access/audit-log.ts';
import { formatUtc } from '../../vocabulary/format.ts';

/** Somebody replaces whoever is on call, until a time. Made by a person while the service ran. */
export type Override = {
  id: string;
  /** The schedule, and the responder who is on call instead. */
  schedule: string;
  responder: string;
  /** [from, until), milliseconds since the epoch. If ended early, `until` is the actual end. */
  from: number;
  until: number;
  /** The requested duration, if the person gave one instead of an end. */
  forMs?: number;
  /**
   * When it was made, always later than all existing ones. If overrides overlap, the last one made
   * wins.
   */
  at: number;
  by: string;
  comment: string;
  version: number;
};

/** Who is the substitute, until when: `ben is on call for ml until 2026-01-05 17:00 UTC`. */
export function overrideText({ schedule, responder, from, until, at }: Override): string {
  const begin = from > at ? ` from ${formatUtc(from)}` : '';
  return `${responder} is on call for ${schedule}${begin} until ${formatUtc(until)}`;
}

export function overrideEntry(override: Override, replaced: string, at: number): AuditEntry {
  const { id, by, comment } = override;
  const text = `${overrideText(override)}, in place of ${replaced}: ${comment}`;
  return auditEntry({ at, kind: 'override', text, actor: by, data: { override: id } }, id);
}

export function overrideEndedEntry({ id, schedule, responder }: Override, { at, actor }: Done): AuditEntry {
  const text = `the override ${id} of ${schedule} by ${responder} ends; the rotation holds again`;
  return auditEntry({ at, kind: 'override ended', text, actor, data: { override: id } }, id);
}
