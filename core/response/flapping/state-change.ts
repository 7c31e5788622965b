import type { Fingerprint } from '../../vocabulary/ids.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';

export const stateChangeKinds = ['fired', 'resolved', 'raised', 'lowered'] as const;
export type StateChangeKind = (typeof stateChangeKinds)[number];

/** An alert that pages fired, ended, or changed its severity. */
export type StateChange = { at: number; kind: StateChangeKind; fingerprint: Fingerprint; severity: Severity };
