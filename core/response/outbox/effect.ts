import type { EffectId, Fingerprint, IncidentId } from '../../vocabulary/ids.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import type { Tenant } from '../../vocabulary/tenant.ts';
import type { Contact } from '../contacts/contact.ts';
import type { PageReason, PostedMessage } from '../paging/posted.ts';

type Common = {
  /** `incident#version#n`; the same decision always has the same ids. */
  id: EffectId;
  incidentId: IncidentId;
  createdAt: number;
  /** Which span decided it, as a W3C traceparent, so that its delivery continues the trace. Only where decisions are traced. */
  trace?: string;
  /** Of an incident of a tenant: it counts in no statistics. */
  tenant?: Tenant;
};

export type PageEffect = Common & {
  kind: 'page';
  reason: PageReason;
  /** Why in words: `tier 1 did not acknowledge within 15m`. */
  why: string;
  severity: Severity;
  tier: number;
  /** Who is meant: `responder/ana`, `channel/ml-alerts`, `schedule/ml (ana)`. */
  target: string;
  /** Contact methods, best first; `contactIndex` is the one this effect tries. */
  contacts: Contact[];
  contactIndex: number;
  /** Which escalation step it belongs to, so that a failure that comes late escalates nothing. */
  step: number;
};

/** Bring a posted message up to date with its incident. */
export type RefreshEffect = Common & { kind: 'refresh'; message: PostedMessage };

/** Look at the incident at `at`. Loses nothing when lost: a sweep finds due incidents as well. */
export type WakeEffect = Common & { kind: 'wake'; at: number; generation: number };

/** Ask the hook what is deployed, so that a rollback can be decided, or to see whether one has been carried out. */
export type InspectEffect = Common & {
  kind: 'inspect';
  rollback: string;
  fingerprint: Fingerprint;
  by: string;
  confirms?: CarriedOut;
};

/** A rollback that the hook says it has carried out, and when it said so. */
export type CarriedOut = {
  deployment: string;
  from: string;
  to: string;
  requestId: string;
  providerId: string;
  already: boolean;
  at: number;
};

/** Carry out a rollback that was decided. `requestId` makes a second call do nothing. */
export type RollbackEffect = Common & {
  kind: 'rollback';
  rollback: string;
  deployment: string;
  from: string;
  to: string;
  revision?: string;
  requestId: string;
  by: string;
};

export type Effect = PageEffect | RefreshEffect | WakeEffect | InspectEffect | RollbackEffect;

export type StoredEffect = {
  effect: Effect;
  attempts: number;
  notBefore: number;
  firstTriedAt?: number;
  lastError?: string;
  done: boolean;
};
