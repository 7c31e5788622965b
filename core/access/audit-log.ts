/** Changes by people and the config that belong to no incident. */
export const auditKinds = ['silenced', 'silence ended', 'override', 'override ended', 'promoted', 'baseline', 'config'] as const;

export type AuditKind = (typeof auditKinds)[number];

/** The audit log is stored as a timeline under this id, which no incident can have. */
export const auditLogId = 'audit-log';

/** One change and who made it. Append only. */
export type AuditEntry = {
  incidentId: typeof auditLogId;
  /** Orders entries, also within one millisecond. */
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

/** When an action happened, and who did it. */
export type Done = { at: number; actor: string };

/**
 * Makes an audit log entry. Entries of one millisecond need different versions, which come from
 * `salt`.
 */
export function auditEntry(
  { at, kind, text, actor, data }: Done & Pick<AuditEntry, 'kind' | 'text' | 'data'>,
  salt: number,
): AuditEntry {
  return { incidentId: auditLogId, version: at * 1000 + (salt % 1000), n: 0, at, kind, severity: 'warn', text, actor, data };
}
