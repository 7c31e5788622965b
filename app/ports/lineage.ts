import type { Observed } from '../../core/alerting/correlation/graph.ts';

/**
 * What has been seen to depend on what, and what has changed: from prediction records, traces, lineage of training runs.
 * Asked at every tick in which an alert changes, so an answer is to be remembered for a while. What it throws is logged, and
 * the tick goes on with what the config declares.
 */
export type Lineage = { observed(now: number): Promise<Observed[]> };
