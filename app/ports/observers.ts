import type { Verdict } from '../../core/detection/verdict.ts';
import type { TimelineEntry } from '../../core/response/incidents/timeline.ts';
import type { Effect } from '../../core/response/outbox/effect.ts';
import type { FoldBatch } from '../../core/telemetry/samples/fold.ts';
import type { RuleId } from '../../core/vocabulary/ids.ts';
import type { Labels } from '../../core/vocabulary/schema-parts.ts';

/** A decision has been committed; for those who show it. `ofTenant`: it is about an incident of a tenant. */
export type Observer = (entries: TimelineEntry[], effects: Effect[], ofTenant?: boolean) => void;

/** A series has been judged, whatever came of it; for those who plot or score it. Not called for a failing source. */
export type VerdictObserver = (judged: { ruleId: RuleId; labels: Labels; verdict: Verdict }) => void;

/** Records have been folded; for those who judge them before the next tick does. */
export type FoldObserver = (folded: FoldBatch['deltas']) => void;
