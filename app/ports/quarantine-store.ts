import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';
import type { StoredKind, Undecodable } from '../../core/vocabulary/stored-record.ts';

/**
 * Records that did not decode. Readers get what decodes; such a record is set aside as stored,
 * never pruned, and not read again until a person drops it.
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
  /** false: not found. */
  dropQuarantined(kind: StoredKind, id: string): Promise<boolean>;
};
