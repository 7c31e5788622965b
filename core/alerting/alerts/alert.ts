import type { Span } from '../../detection/baselines/baseline.ts';
import type { Baseline, Provisional, Revision } from '../../detection/verdict.ts';
import type { KeptDrift } from '../../statistics/distributions/value.ts';
import type { TraceExample } from '../../telemetry/trace-example.ts';
import type { Fingerprint, GroupKey, IncidentId, RuleId } from '../../vocabulary/ids.ts';
import type { AlertSeverity, Category, Labels } from '../../vocabulary/schema-parts.ts';
import type { Tenant } from '../../vocabulary/tenant.ts';
import type { HeartbeatTroubleKind } from '../heartbeats/trouble.ts';
import type { MuteReason } from './mute-reason.ts';
import type { PostedCut } from './posted-cuts.ts';

export type AlertState = 'pending' | 'firing' | 'recovering' | 'resolved';

/**
 * The life of one rule on one series. An inactive alert has no record. A resolved one is kept while
 * its degraded spans still lie within the rule's baseline window.
 */
export type Alert = {
  fingerprint: Fingerprint;
  ruleId: RuleId;
  /** Labels of series, rule and source. */
  labels: Labels;
  category: Category;
  groupKey: GroupKey;
  groupLabels: Labels;
  state: AlertState;
  severity: AlertSeverity;
  /** When the breach began: the first breach, not the first firing. */
  since: number;
  firedAt?: number;
  resolvedAt?: number;
  /** When a verdict last breached; for a recovering alert, when recovery began. */
  breachedAt: number;
  /**
   * For a critical alert: since when no verdict found it critical. It drops to warn after
   * `keepFiring`.
   */
  belowSince?: number;
  /** The time of the first breaching point; undefined if it fires only for missing data. */
  breachedFrom?: number;
  evaluatedAt: number;
  reason: string;
  value?: number;
  count?: number;
  /** Traces in which some of the last breaching value was measured. */
  traces?: readonly TraceExample[];
  degradation?: number;
  /** For a drift rule: `value` with everything needed to compare it. */
  drift?: KeptDrift;
  bound?: number;
  /** Pinned while the alert is active, so that degraded points never become the norm. */
  baseline?: Baseline;
  /**
   * The baseline comes from an alert that has ended; it stands in while there are too few other
   * points.
   */
  pinned?: true;
  /** The window it is based on, while labels for it are missing. */
  provisional?: Provisional;
  /** What late labels said about the window it was based on. */
  settled?: Pick<Revision, 'at' | 'outcome' | 'text'>;
  /** The end of the last value it was judged by; absent if there was none. */
  pointAt?: number;
  /** It ended without a healthy value, and a rollback waits for one. */
  awaitsValues?: true;
  /** Why its pages are withheld, if they are. */
  muted?: MuteReason;
  /** Spans kept out of baselines, in order. */
  excluded: Span[];
  /** How its incident counts it. Changes only in one commit with that incident. */
  joined?: { incidentId: IncidentId; severity: AlertSeverity; state: 'firing' | 'muted' | 'resolved' };
  /**
   * Only for an alert that another system judges. Its `ruleId` is `source/alertname`, not a rule of
   * the config.
   */
  external?: {
    /** Name of its source in the config. */
    source: string;
    title: string;
    /** A runbook's name, or the http(s) URL of an external one. */
    runbook: string;
    owner?: string;
    /** A link to it in the system that judges it. */
    link?: string;
    /** The earliest start of all posts since it fires. */
    startsAt: number;
    /** It ends then unless resent. For a resolved alert: until when it is remembered. */
    endsAt: number;
    /** `endsAt` was not sent, and yields to one that is. */
    timeout?: true;
    /** When its sender judged it last, if it says so: what was judged before that and comes later changes nothing. */
    judgedAt?: number;
    /** What is kept shorter than it was sent. */
    cuts?: PostedCut[];
  };
  /**
   * true: about the rule itself (source failing, baseline unavailable, too many series), not about
   * what it watches.
   */
  aboutRule?: boolean;
  /**
   * Only for an alert about an unavailable baseline: the affected series, by label key, with start
   * and reason.
   */
  refusals?: Record<string, { since: number; series: string; reason: string }>;
  /**
   * Only for an alert about a rule with more than `maxSeries` series: how many were not judged, as
   * last reported.
   */
  cut?: number;
  /**
   * Only for the alert about a watchdog alert that a source has to send. Resolved while it comes, and
   * kept: `seenAt` is its last arrival, `since` when it was first expected.
   */
  watchdog?: { source: string; since: number; seenAt?: number };
  /** Only for the alert about a heartbeat: what of the config an incident shows of it, and what is wrong. */
  heartbeat?: { name: string; title: string; runbook: string; owner?: string; troubles: HeartbeatTroubleKind[] };
  /** Only for the alert about a model registry that does not answer. */
  registry?: { name: string; runbook: string; owner?: string };
  /** Its tenant, if not the team itself. It neither mutes others nor is muted. */
  tenant?: Tenant;
  version: number;
};

/** Whether it fires. A recovering alert still does, until it has been healthy long enough. */
export const isActive = ({ state }: Pick<Alert, 'state'>): boolean => state === 'firing' || state === 'recovering';
