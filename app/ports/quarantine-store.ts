import type { AuditEntry } from '../../core/access/audit-log.ts';
import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';
import type { StoredKind, Undecodable } from '../../core/vocabulary/stored-record.ts';

/**
 * Records that did not decode. Readers get what decodes; such a record is set aside as stored,
 * never pruned, and not read again until a person puts it back or drops it.
 */
export type QuarantineStore = {
  /** In order of discovery. */
  quarantined(limit: number): Promise<Quarantined[]>;
  /**
   * One of them as stored: the fields beside its document as JSON, a line break, and the document.
   */
  quarantinedText(kind: StoredKind, id: string): Promise<string | undefined>;
  /** Quarantines a small fact that its reader could not decode. */
  quarantineNote(key: string, reason: Undecodable): Promise<void>;
  /** Marks these as reported to somebody. */
  quarantineTold(told: readonly Pick<Quarantined, 'kind' | 'id'>[], at: number): Promise<void>;
  /** false: not found. `entry` is written with it. */
  dropQuarantined(kind: StoredKind, id: string, entry?: AuditEntry): Promise<boolean>;
  /**
   * Puts the latest record of that kind and id back in its place, as it was stored, if the decoders
   * of today read it. `entry` is written with it.
   */
  restoreQuarantined(kind: StoredKind, id: string, entry: AuditEntry): Promise<Restored>;
};

/**
 * What became of a record that was to be put back. `taken`: another one is in its place by now, and
 * stays there.
 */
export type Restored = { outcome: 'restored' | 'unknown' | 'taken' } | { outcome: 'unreadable'; reason: string };
