import type { StoredKind } from '../../vocabulary/stored-record.ts';

/** A record that did not decode. It was set aside as it was stored, and is read no more until somebody has looked at it. */
export type Quarantined = {
  kind: StoredKind;
  /** What the record is known by, for a person: the id of an incident, the fingerprint of an alert, the key of a note. */
  id: string;
  /** Why it could not be read. It quotes nothing of the record. */
  reason: string;
  /** An open incident, or a page that is still to be delivered: somebody has to take over what Tocsin cannot do. */
  urgent: boolean;
  /** When people were told of it; absent until they have been. */
  toldAt?: number;
};
