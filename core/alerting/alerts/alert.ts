import type { Span } from '../../detection/baselines/baseline.ts';
import type { Baseline, Provisional, Revision } from '../../detection/verdict.ts';
import type { KeptDrift } from '../../statistics/distributions/value.ts';
import type { TraceExample } from '../../telemetry/trace-example.ts';
import type { Fingerprint, GroupKey, IncidentId, RuleId } from '../../vocabulary/ids.ts';
import type { AlertSeverity, Category, Labels } from '../../vocabulary/schema-parts.ts';
import type { Tenant } from '../../vocabulary/tenant.ts';
import type { AlertParts } from './alert-parts.ts';
import type { MuteReason } from './mute-reason.ts';

export type AlertState = 'pending' | 'firing' | 'recovering' | 'resolved';

/**
 * The life of one rule on one series. An inactive alert has no record. A resolved one is kept while
 * its degraded spans still lie within the rule's baseline window.
 */
export type Alert = Partial<AlertParts> & {
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
   * true: about the rule itself (source failing, baseline unavailable, too many series) or about
   * what tells Tocsin something, not about what is watched.
   */
  aboutRule?: boolean;
  /** Its tenant, if not the team itself. It neither mutes others nor is muted. */
  tenant?: Tenant;
  version: number;
};

/** Whether it fires. A recovering alert still does, until it has been healthy long enough. */
export const isActive = ({ state }: Pick<Alert, 'state'>): boolean => state === 'firing' || state === 'recovering';
