import type { StoredKind } from '../../vocabulary/stored-record.ts';

/**
 * A record that did not decode. Set aside as stored, and not read again until somebody has looked
 * at it.
 */
export type Quarantined = {
  kind: StoredKind;
  /** The record's id for people: an incident id, an alert fingerprint, a note key. */
  id: string;
  /** Why it could not be read. Quotes nothing from the record. */
  reason: string;
  /** An open incident or an undelivered page: a person must take over. */
  urgent: boolean;
  /** When people were notified; absent until then. */
  toldAt?: number;
};
