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
  'restored',
  'dropped',
  'digest',
  'test page',
  'signed in',
  'link',
  'device added',
  'device removed',
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

/**
 * How long an entry is kept: a year, and time to look back at it. It is longer than any silence,
 * override or training that an entry may be asked about.
 */
export const keepAuditMs = 400 * 86_400_000;

/** The place of an entry in the log: entries before it are older. */
export type AuditPlace = Pick<AuditEntry, 'at' | 'id'>;

/** A place as a text for the next request, as `placeOfCursor` reads it. */
export const auditCursor = ({ at, id }: AuditPlace): string => `${at}-${id}`;

/** Undefined for a text that is no cursor. */
export function placeOfCursor(text: string): AuditPlace | undefined {
  const [, at, id] = /^(\d{1,16})-([0-9A-Za-z]{1,64})$/.exec(text) ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id: asAuditEntryId(id) };
}

/** Whether an entry lies before a place. */
export const isBefore = (entry: AuditPlace, place: AuditPlace): boolean =>
  entry.at < place.at || (entry.at === place.at && entry.id < place.id);

/** For sorting entries by `at`, then `id`. */
export const inAuditOrder = (a: AuditEntry, b: AuditEntry): number => a.at - b.at || (a.id < b.id ? -1 : 1);
