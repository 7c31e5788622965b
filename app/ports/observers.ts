import type { AuditEntry } from '../../core/access/audit-log.ts';
import type { Verdict } from '../../core/detection/verdict.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import type { FoldBatch } from '../../core/telemetry/samples/fold.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';

/** Called after a decision is committed, to display it. `ofTenant`: about a tenant's incident. */
export type Observer = (entries: TimelineEntry[], effects: Effect[], ofTenant?: boolean) => void;

/** Called after entries of the audit log are committed, to display them. */
export type AuditObserver = (entries: readonly AuditEntry[]) => void;

/**
 * Called for each judged series, whatever the result, to plot or score it. Not called for a failing
 * source.
 */
export type VerdictObserver = (judged: { ruleId: RuleId; labels: Labels; verdict: Verdict }) => void;

/** Called once a tick has judged rules, or could not, with what follows from that committed. */
export type JudgedObserver = (rules: readonly RuleId[], at: number) => void;

/** Called after records are folded, for early judging. */
export type FoldObserver = (folded: FoldBatch['deltas']) => void;

/** Called when a source has ignored alerts, as its config says, to count them. */
export type IgnoredObserver = (ignored: { source: string; count: number }) => void;
