import type { EffectId, Fingerprint, IncidentId } from '../../vocabulary/ids.ts';
import type { Severity } from '../../vocabulary/schema-parts.ts';
import type { Tenant } from '../../vocabulary/tenant.ts';
import type { Contact } from '../contacts/contact.ts';
import type { PageTarget } from '../escalation/page-target.ts';
import type { PageReason, PostedMessage } from '../paging/posted.ts';

type Common = {
  /** `incident#version#n`. One decision always produces the same ids. */
  id: EffectId;
  incidentId: IncidentId;
  createdAt: number;
  /**
   * The W3C traceparent of the span that decided it, so that delivery continues the trace. Only if
   * decisions are traced.
   */
  trace?: string;
  /** For a tenant's incident: excluded from statistics. */
  tenant?: Tenant;
};

export type PageEffect = Common & {
  kind: 'page';
  reason: PageReason;
  /** The reason, for people: `tier 1 did not acknowledge within 15m`. */
  why: string;
  severity: Severity;
  tier: number;
  target: PageTarget;
  /** Contact methods, best first; `contactIndex` is the one this effect tries. */
  contacts: Contact[];
  contactIndex: number;
  /** Its escalation step, so that a late failure escalates nothing. */
  step: number;
};

/** Update a posted message to match its incident. */
export type UpdateMessageEffect = Common & { kind: 'update_message'; message: PostedMessage };

/** Check the incident at `at`. Safe to lose: a sweep also finds due incidents. */
export type TimerEffect = Common & { kind: 'timer'; at: number; generation: number };

/** Ask the hook what is deployed, to decide about a rollback or to confirm one. */
export type DescribeDeploymentEffect = Common & {
  kind: 'describe_deployment';
  rollback: string;
  fingerprint: Fingerprint;
  by: string;
  confirms?: CarriedOut;
};

/** A rollback that the hook reports as done, and when. */
export type CarriedOut = {
  deployment: string;
  from: string;
  to: string;
  requestId: string;
  providerId: string;
  already: boolean;
  at: number;
};

/** Run a decided rollback. `requestId` makes a repeat harmless. */
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

/** A digest for one target. It belongs to no incident; `incidentId` names it. */
export type DigestEffect = Common & {
  kind: 'digest';
  name: string;
  lines: string[];
  target: PageTarget;
  /** Contact methods, best first. */
  contacts: Contact[];
};

export type Effect = DigestEffect | PageEffect | UpdateMessageEffect | TimerEffect | DescribeDeploymentEffect | RollbackEffect;

export type StoredEffect = {
  effect: Effect;
  attempts: number;
  notBefore: number;
  firstTriedAt?: number;
  lastError?: string;
  done: boolean;
};
