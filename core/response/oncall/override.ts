import { type AuditEntry, auditEntry, type Done } from '../../access/audit-log.ts';
import { formatUtc } from '../../vocabulary/format.ts';

/** Somebody stands in for whoever is on call, until a time: what a person decided while the service ran. */
export type Override = {
  id: string;
  /** Name of the schedule, and of the responder who is on call instead. */
  schedule: string;
  responder: string;
  /** The span [from, until), milliseconds since the epoch. One that was ended early has the end it got. */
  from: number;
  until: number;
  /** How long it was asked for, where a person said that and not until when. */
  forMs?: number;
  /** When it was made, and later than all that were there: of those that overlap, the one made last is in force. */
  at: number;
  by: string;
  comment: string;
  version: number;
};

/** Who stands in, and for how long: `ben is on call for ml until 2026-01-05 17:00 UTC`. */
export function overrideText({ schedule, responder, from, until, at }: Override): string {
  const begin = from > at ? ` from ${formatUtc(from)}` : '';
  return `${responder} is on call for ${schedule}${begin} until ${formatUtc(until)}`;
}

export function overrideEntry(override: Override, replaced: string, at: number, salt: number): AuditEntry {
  const { id, by, comment } = override;
  const text = `${overrideText(override)}, in place of ${replaced}: ${comment}`;
  return auditEntry({ at, kind: 'override', text, actor: by, data: { override: id } }, salt);
}

export function overrideEndedEntry({ id, schedule, responder }: Override, { at, actor }: Done, salt: number): AuditEntry {
  const text = `the override ${id} of ${schedule} by ${responder} ends; the rotation holds again`;
  return auditEntry({ at, kind: 'override ended', text, actor, data: { override: id } }, salt);
}
