import type { Quarantined } from '../../core/selfcheck/quarantine/quarantined.ts';
import type { StoredKind, Undecodable } from '../../core/vocabulary/stored-record.ts';

/**
 * Records that did not decode. Whoever reads is given what decodes; such a record is set aside as it was stored, is never pruned, and
 * is read by nobody until a person has dropped it.
 */
export type QuarantineStore = {
  /** In the order in which they were met. */
  quarantined(limit: number): Promise<Quarantined[]>;
  /** One of them as it was stored: what lay beside its document as JSON, a line break, and the document. */
  quarantinedText(kind: StoredKind, id: string): Promise<string | undefined>;
  /** Sets a small fact aside that its reader could not decode. */
  quarantineNote(key: string, reason: Undecodable): Promise<void>;
  /** Somebody has been told of these. */
  quarantineTold(told: readonly Pick<Quarantined, 'kind' | 'id'>[], at: number): Promise<void>;
  /** false: there is none. */
  dropQuarantined(kind: StoredKind, id: string): Promise<boolean>;
};
