import type { Cause } from '../../alerting/correlation/cause.ts';
import type { Fingerprint, GroupKey, IncidentId } from '../../vocabulary/ids.ts';
import type { Category, Labels, Severity } from '../../vocabulary/schema-parts.ts';
import type { Tenant } from '../../vocabulary/tenant.ts';
import type { Contact } from '../contacts/contact.ts';
import type { Target } from '../escalation/policy-schema.ts';
import type { PostedMessage } from '../paging/posted.ts';

export type IncidentStatus = 'waiting' | 'triggered' | 'acknowledged' | 'resolved';

import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
/** A policy as it was when the incident came under it; times in milliseconds. */
export type PolicySnapshot = {
  name: string;
  tiers: { targets: Target[]; ackWithin: number }[];
  repeat: number;
  fallback?: Target;
  ackTimeout: number;
  ackTarget?: number;
  resolveTarget?: number;
};

export type RollbackStep = {
  name: string;
  deployment: string;
  /** `confirming`: the hook says that it is done, and is asked what serves. */
  state: 'inspecting' | 'offered' | 'refused' | 'running' | 'confirming' | 'verifying' | 'succeeded' | 'failed';
  requestId: string;
  from?: string;
  to?: string;
  /** The alerts whose recovery proves the rollback. */
  fingerprint: Fingerprint;
  reason: string;
  at: number;
  /** Not decided because data upstream was bad: considered anew once that is over. */
  awaitsUpstream?: boolean;
  /** For how long recovery is watched, in milliseconds. */
  watchMs?: number;
  /** The alert has ended, and its end does not show that the rollback helped: why. The incident stays open meanwhile. */
  unproven?: string;
  /** That it has failed, in words, while every alert was muted: told once one is not. */
  untold?: string;
};

/** Another incident that has to do with this one and was not joined, with the reason. */
export type Related = { id: IncidentId; title: string; why: string; at: number };

/** Every time at which the incident must be looked at again; milliseconds since the epoch. */
export type Deadlines = {
  groupWait?: number;
  acknowledge?: number;
  ackTimeout?: number;
  resolve?: number;
  verify?: number;
  /** A rollback is withheld because of a cause upstream: whether it still is. */
  reconsider?: number;
  /** A person resolved while alerts still fired: looked at again then. */
  recheck?: number;
  /** Alerts have joined since the last page: told then. */
  joined?: number;
  /** Every step has been paged and nobody has taken the incident: it begins again at tier 1. */
  restart?: number;
};

/** The order of lists. */
export const newestFirst = (a: Pick<Incident, 'openedAt' | 'id'>, b: Pick<Incident, 'openedAt' | 'id'>): number =>
  b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1);

export type Incident = {
  id: IncidentId;
  /** Whose it is, when not the team's: it is in no list and no count unless it is asked for. */
  tenant?: Tenant;
  groupKey: GroupKey;
  groupLabels: Labels;
  title: string;
  status: IncidentStatus;
  severity: Severity;
  /** The highest severity it has had. */
  worst: Severity;
  category: Category;
  openedAt: number;
  /** Start of the earliest breach. */
  since: number;
  acknowledgedAt?: number;
  acknowledgedBy?: string;
  /** The highest severity that somebody has acknowledged since it was opened, reopened, or timed out. */
  acknowledgedSeverity?: Severity;
  resolvedAt?: number;
  resolvedBy?: string;
  resolveReason?: string;
  /** A person resolved it although alerts fired, also muted ones, and one of them still does. */
  resolvedWhileFiring?: true;
  /** How often, and when last. */
  reopened: number;
  reopenedAt?: number;
  /** Exact counts over all alerts of the incident. */
  counts: { critical: number; warn: number; muted: number; resolved: number };
  /** The alerts shown: at most `maxSummaries`, worst first. */
  alerts: AlertSummary[];
  /** What may have caused it, the likeliest first; empty for one alert alone. */
  causes?: Cause[];
  /** Open incidents with which it was found to have to do, the latest `maxRelated`. */
  related?: Related[];
  policies: Record<string, PolicySnapshot>;
  /** Key into `policies`: `category/severity`. */
  policyKey: string;
  escalation: {
    /** The tier paged last, from 1. */
    tier: number;
    repeats: number;
    fallback: boolean;
    /** Grows each time people are called; a page of an older step says nothing about this one. */
    step: number;
    /** Who was called by the last step, and who of them cannot be reached by any contact method. */
    targets: string[];
    dead: string[];
    /** `target contactKey` of contact methods of this step that failed for good. */
    failed: string[];
    /** Effects, of whatever step, that are still being retried while the next contact method has been tried. */
    slow: string[];
    /** How often in a row every step was paged and nobody was told. */
    fruitless: number;
    /** A call was held back because everything was muted: whoever it was for is still to be told. */
    heldWhileMuted: boolean;
  };
  /** When a joining alert was last a reason to page; the trigger counts as one. */
  joinedPagedAt: number;
  /** How many alerts have joined since then that nobody was paged about. */
  joinedUnpaged: number;
  /** The policies by which effects that outlast their cause were paged at one time. */
  repaged?: { at: number; policies: string[] };
  /** Whether a call has been delivered to anybody since escalation last began at tier 1. */
  paged: boolean;
  /** Whether anyone has been told that it is critical, since it was opened or reopened. */
  pagedCritical?: boolean;
  /** The last `maxPagedContacts` paged, by target and contact key, so that they hear of the end; `updated`: their message is kept up to date. */
  pagedContacts: Record<string, { target: string; contact: Contact; updated: boolean }>;
  /** Messages to keep up to date, oldest first: at most `maxMessages`. */
  messages: PostedMessage[];
  rollback?: RollbackStep;
  deadlines: Deadlines;
  /** The earliest deadline; undefined when nothing is due. */
  nextStepAt?: number;
  /** Grows when deadlines change; a wake of an older generation decides nothing. */
  generation: number;
  version: number;
};
