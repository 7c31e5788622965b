import type { Category, Labels, Severity } from '../config/schema.ts';
import type { Baseline } from '../rules/verdict.ts';

export type AlertState = 'pending' | 'firing' | 'recovering' | 'resolved';

/**
 * The life of one rule on one series. An inactive alert has no record at all; a resolved one is kept while its
 * spans of degradation still lie within the rule's rolling baseline.
 */
export type Alert = {
  fingerprint: string;
  ruleId: string;
  /** Labels of the series and the rule, with source labels. */
  labels: Labels;
  category: Category;
  groupKey: string;
  groupLabels: Labels;
  state: AlertState;
  severity: Severity;
  /** When the breach began (first breach, not the first firing). */
  since: number;
  firedAt?: number;
  resolvedAt?: number;
  /** Last time a verdict breached. */
  breachedAt: number;
  evaluatedAt: number;
  reason: string;
  value?: number;
  count?: number;
  degradation?: number;
  bound?: number;
  /** Frozen while the alert is active, so that degraded points never become the norm. */
  baseline?: Baseline;
  /** Why pages are withheld, when they are. */
  muted?: string;
  /** Spans whose points stay out of a rolling baseline. */
  excluded: { from: number; to: number }[];
  /** What this alert counts as in its incident; changed only in one commit with that incident. */
  joined?: { incidentId: string; severity: Severity; state: 'firing' | 'muted' | 'resolved' };
  /** true: about the rule itself (its source fails), not about what it watches. */
  aboutRule?: boolean;
  version: number;
};
