import type { Span } from '../../detection/baselines/baseline.ts';
import type { Baseline, Provisional, Revision } from '../../detection/verdict.ts';
import type { KeptDrift } from '../../statistics/distributions/value.ts';
import type { Fingerprint, GroupKey, IncidentId, RuleId } from '../../vocabulary/ids.ts';
import type { Category, Labels, Severity } from '../../vocabulary/schema-parts.ts';
import type { Tenant } from '../../vocabulary/tenant.ts';
import type { MuteReason } from './mute-reason.ts';

export type AlertState = 'pending' | 'firing' | 'recovering' | 'resolved';

/**
 * The life of one rule on one series. An inactive alert has no record at all; a resolved one is kept while its
 * spans of degradation still lie within the rule's baseline.
 */
export type Alert = {
  fingerprint: Fingerprint;
  ruleId: RuleId;
  /** Labels of the series and the rule, with source labels. */
  labels: Labels;
  category: Category;
  groupKey: GroupKey;
  groupLabels: Labels;
  state: AlertState;
  severity: Severity;
  /** When the breach began (first breach, not the first firing). */
  since: number;
  firedAt?: number;
  resolvedAt?: number;
  /** Last time a verdict breached; of one that is recovering, when it began to. */
  breachedAt: number;
  /** Of one that is critical: since when no verdict found it so. It leaves the band when that has lasted for `keepFiring`. */
  belowSince?: number;
  /** The time of the first breaching point; undefined where it fires for missing data alone. */
  breachedFrom?: number;
  evaluatedAt: number;
  reason: string;
  value?: number;
  count?: number;
  degradation?: number;
  /** Of a drift rule: `value` with the terms by which it compares with another. */
  drift?: KeptDrift;
  bound?: number;
  /** Frozen while the alert is active, so that degraded points never become the norm. */
  baseline?: Baseline;
  /** Its baseline is that of an alert that has ended, and stands in where there are too few other points. */
  pinned?: true;
  /** The window that it rests on, while labels of it are missing. */
  provisional?: Provisional;
  /** What labels that came later said of the window that it rested on. */
  settled?: Pick<Revision, 'at' | 'outcome' | 'text'>;
  /** When the latest value ended that it was last judged by; absent where there was none. */
  pointAt?: number;
  /** It has ended without a value that shows that all is well, and a rollback waits for one. */
  awaitsValues?: true;
  /** Why pages are withheld, when they are. */
  muted?: MuteReason;
  /** Spans whose points stay out of a baseline, in order. */
  excluded: Span[];
  /** What this alert counts as in its incident; changed only in one commit with that incident. */
  joined?: { incidentId: IncidentId; severity: Severity; state: 'firing' | 'muted' | 'resolved' };
  /** Only of an alert that another system judges; its `ruleId` is `source/alertname`, which is no rule of the config. */
  external?: {
    /** Name of its source in the config. */
    source: string;
    title: string;
    /** The name of a runbook, or the http(s) address of one elsewhere. */
    runbook: string;
    owner?: string;
    /** Where it can be looked at in the system that judges it. */
    link?: string;
    /** The latest start that was told of, which tells its activities apart. */
    startsAt: number;
    /** It ends then unless it is sent again; of a resolved one, until when posts from before may claim that it fires. */
    endsAt: number;
  };
  /** true: about the rule itself (its source fails, its baseline is refused, it has too many series), not about what it watches. */
  aboutRule?: boolean;
  /** Only of an alert about a baseline that is refused: of which series, by the key of their labels, since when, and why. */
  refusals?: Record<string, { since: number; series: string; reason: string }>;
  /** Only of an alert about a rule that matches more series than `maxSeries`: how many were not judged when it was last told of. */
  cut?: number;
  /** Whose it is, when not the team's: it neither mutes others nor is muted. */
  tenant?: Tenant;
  version: number;
};

/** Whether it fires: one that recovers still does, until it has been well for long enough. */
export const isActive = ({ state }: Pick<Alert, 'state'>): boolean => state === 'firing' || state === 'recovering';
