import { digest } from '../vocabulary/fingerprint.ts';
import { type AuditEntryId, asAuditEntryId } from '../vocabulary/ids.ts';

/** What people and deployments do that belongs to no incident, and what people were refused. */
export const auditKinds = [
  'silenced',
  'silence ended',
  'override',
  'override ended',
  'promoted',
  'baseline',
  'accepted',
  'config',
  'refused',
] as const;

export type AuditKind = (typeof auditKinds)[number];

/** One action and who took it, or tried to. Append only; read in the order of `at`, then `id`. */
export type AuditEntry = {
  id: AuditEntryId;
  /** Milliseconds since the epoch. */
  at: number;
  kind: AuditKind;
  /** What was done and why, for people. */
  text: string;
  /** Who: `tocsin`, `responder/ana`, `slack:U123`. */
  actor: string;
  /** Details for machines, by kind. */
  data: Record<string, unknown>;
};

/** When an action happened, and who did it. */
export type Done = { at: number; actor: string };

/**
 * Makes an entry. `change` names what was changed, with its version: the same change at the same
 * time is the same entry, and is kept once.
 */
export function auditEntry(entry: Omit<AuditEntry, 'id'>, change: string): AuditEntry {
  const { at, kind, actor } = entry;
  return { id: asAuditEntryId(digest(JSON.stringify([at, kind, actor, change]), 16)), ...entry };
}

/** For sorting entries by `at`, then `id`. */
export const inAuditOrder = (a: AuditEntry, b: AuditEntry): number => a.at - b.at || (a.id < b.id ? -1 : 1);
