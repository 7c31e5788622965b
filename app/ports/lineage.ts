import type { Observed } from '../../core/alerting/correlation/graph.ts';

/**
 * Observed dependencies and changes: from prediction records, traces, lineage of training runs.
 * Called in every tick with a changed alert, so cache the answer. Errors are logged, and the tick
 * continues with declared dependencies.
 */
export type Lineage = { observed(now: number): Promise<Observed[]> };
