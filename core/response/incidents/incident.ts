import type { Cause } from '../../alerting/correlation/cause.ts';
import type { ChangeBrief } from '../../telemetry/changes/change.ts';
import type { Fingerprint, GroupKey, IncidentId } from '../../vocabulary/ids.ts';
import type { AlertSeverity, Category, Labels, Severity } from '../../vocabulary/schema-parts.ts';
import type { Tenant } from '../../vocabulary/tenant.ts';
import type { Contact } from '../contacts/contact.ts';
import type { PageTarget } from '../escalation/page-target.ts';
import type { Target } from '../escalation/policy-schema.ts';
import type { RoutedTo } from '../escalation/routed-to.ts';
import type { StateChange } from '../flapping/state-change.ts';
import type { PostedMessage } from '../paging/posted.ts';

export type IncidentStatus = 'waiting' | 'triggered' | 'acknowledged' | 'resolved';

import type { AlertSummary } from '../../alerting/alerts/alert-summary.ts';
/** The policy as copied into the incident; times in milliseconds. */
export type PolicySnapshot = {
  name: string;
  tiers: { targets: Target[]; ackWithin: number }[];
  repeat: number;
  fallback?: Target;
  ackTimeout: number;
  ackTarget?: number;
  resolveTarget?: number;
  /** The route that names it, outermost first; absent if the matrix does. */
  route?: string[];
  /** Who is told, and not paged. */
  tell?: Target[];
};

export type RollbackStep = {
  name: string;
  deployment: string;
  /** `confirming`: the hook reports success and is asked which version serves. */
  state: 'inspecting' | 'offered' | 'refused' | 'running' | 'confirming' | 'verifying' | 'succeeded' | 'failed';
  requestId: string;
  from?: string;
  to?: string;
  /** The alerts whose recovery proves the rollback. */
  fingerprint: Fingerprint;
  reason: string;
  at: number;
  /** Undecided because upstream data was bad; reconsidered when that is over. */
  awaitsUpstream?: boolean;
  /** How long recovery is watched, in milliseconds. */
  watchMs?: number;
  /**
   * The alert ended in a way that does not prove the rollback, with the reason. The incident stays
   * open meanwhile.
   */
  unproven?: string;
  /** The failure text, held back while every alert is muted, sent when one is not. */
  untold?: string;
};

/** A related incident that was not joined, with the reason. */
export type Related = { id: IncidentId; title: string; why: string; at: number };

/** Alerts come and go: the incident stays open, and what comes back pages nobody. */
export type FlappingState = {
  since: number;
  /** When an alert last fired, ended, or changed its severity. */
  changedAt: number;
  /** `fired 4 times in 36m`, when it began. */
  text: string;
  /** The highest severity paged since then. */
  severity: Severity;
  /** It ends after this long without a change, in milliseconds. */
  quiet: number;
};

/** Every time at which the incident must be checked again; milliseconds since the epoch. */
export type Deadlines = {
  groupWait?: number;
  acknowledge?: number;
  ackTimeout?: number;
  resolve?: number;
  verify?: number;
  /** Checks whether the upstream cause that withholds a rollback is over. */
  reconsider?: number;
  /** Checks again after a person resolved while alerts fired. */
  recheck?: number;
  /** Pages about alerts that joined since the last page. */
  joined?: number;
  /** Restarts at tier 1: every step was paged and nobody acknowledged. */
  restart?: number;
  /** Ends flapping, if nothing has changed since. */
  steady?: number;
};

/** The sort order of lists. */
export const newestFirst = (a: Pick<Incident, 'openedAt' | 'id'>, b: Pick<Incident, 'openedAt' | 'id'>): number =>
  b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1);

export type Incident = {
  id: IncidentId;
  /** The tenant, if not the team itself. Lists and counts include it only on request. */
  tenant?: Tenant;
  groupKey: GroupKey;
  groupLabels: Labels;
  title: string;
  /** The alert that gives it its title. */
  titledBy?: Fingerprint;
  status: IncidentStatus;
  severity: AlertSeverity;
  /** The highest severity it ever had. */
  worst: AlertSeverity;
  category: Category;
  openedAt: number;
  /** Start of the earliest breach. */
  since: number;
  acknowledgedAt?: number;
  acknowledgedBy?: string;
  /** The highest severity acknowledged since it was opened, reopened, or timed out. */
  acknowledgedSeverity?: AlertSeverity;
  resolvedAt?: number;
  resolvedBy?: string;
  resolveReason?: string;
  /** A person resolved it while alerts fired (muted or not), and one still does. */
  resolvedWhileFiring?: true;
  /** How often, and when last. */
  reopened: number;
  reopenedAt?: number;
  /** Exact counts over all its alerts. */
  counts: { critical: number; warn: number; info: number; muted: number; resolved: number };
  /** The alerts shown: at most `maxSummaries`, worst first. */
  alerts: AlertSummary[];
  /** Possible causes, likeliest first; empty for a single alert. */
  causes?: Cause[];
  /**
   * What others say was changed and may have caused it, the latest first: at most `mostOnIncident`.
   */
  whatChanged?: ChangeBrief[];
  /** Related open incidents, the latest `maxRelated`. */
  related?: Related[];
  policies: Record<string, PolicySnapshot>;
  /** Where the routes send it, by the alert that leads it; absent if the matrix alone decides. */
  routing?: Record<Severity, RoutedTo> | undefined;
  /** Key into `policies`, by the cell of the matrix and the route. */
  policyKey: string;
  escalation: {
    /** The tier paged last, from 1. */
    tier: number;
    repeats: number;
    fallback: boolean;
    /** Grows with each call. A page of an earlier step says nothing about the current one. */
    step: number;
    /** Targets of the last step, and those of them with no working contact method. */
    targets: PageTarget[];
    dead: PageTarget[];
    /** This step's permanently failed contact methods. */
    failed: { target: PageTarget; contact: Contact }[];
    /**
     * Effects of any step that are still retried although the next contact method was already
     * tried.
     */
    slow: string[];
    /** How many times in a row every step was paged without reaching anybody. */
    fruitless: number;
    /** A call was held back because everything was muted. Its targets still have to be paged. */
    heldWhileMuted: boolean;
  };
  /** When a joining alert last caused a page. The trigger counts as one. */
  joinedPagedAt: number;
  /** Alerts that joined since then without a page. */
  joinedUnpaged: number;
  /** The policies paged at one time for effects that outlive their cause. */
  repaged?: { at: number; policies: string[] };
  /** Whether a call has been delivered since escalation last started at tier 1. */
  paged: boolean;
  /** Whether anyone has been told that it is critical, since it was (re)opened. */
  pagedCritical?: boolean;
  /**
   * The last `maxPagedContacts` paged, each target and contact once, so that they hear when it
   * ends; `updated`: their message is updated in place.
   */
  pagedContacts: { target: PageTarget; contact: Contact; updated: boolean }[];
  /** Messages to update in place, oldest first; at most `maxMessages`. */
  messages: PostedMessage[];
  rollback?: RollbackStep;
  /** The highest severity that routes which page nobody have told of, by whom they tell. */
  told?: Record<string, Severity>;
  /** What its alerts did lately, latest last; those of the incident before it count. */
  changes?: StateChange[];
  flapping?: FlappingState;
  deadlines: Deadlines;
  /** The earliest deadline; undefined if none. */
  nextStepAt?: number;
  /** Grows when deadlines change. A timer of an older generation decides nothing. */
  generation: number;
  version: number;
};
