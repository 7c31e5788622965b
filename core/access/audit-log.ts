/** What people and the config change that belongs to no incident. */
export const auditKinds = ['silenced', 'silence ended', 'override', 'override ended', 'promoted', 'baseline', 'config'] as const;

export type AuditKind = (typeof auditKinds)[number];

/** Entries of the audit log are stored as a timeline that no incident has the id of. */
export const auditLogId = 'trail';

/** One change that somebody made, and who. Append only. */
export type AuditEntry = {
  incidentId: typeof auditLogId;
  /** Orders entries, and tells apart those of one millisecond. */
  version: number;
  n: 0;
  at: number;
  kind: AuditKind;
  severity: 'warn';
  text: string;
  /** Who: `tocsin`, `responder/ana`, `slack:U123`. */
  actor: string;
  data: Record<string, unknown>;
};

/** When somebody did something, and who. */
export type Done = { at: number; actor: string };

/**
 * An entry of the audit log. Entries of one millisecond need different versions: `salt` tells them apart, and their order is
 * that of their times.
 */
export function auditEntry(
  { at, kind, text, actor, data }: Done & Pick<AuditEntry, 'kind' | 'text' | 'data'>,
  salt: number,
): AuditEntry {
  return { incidentId: auditLogId, version: at * 1000 + (salt % 1000), n: 0, at, kind, severity: 'warn', text, actor, data };
}
