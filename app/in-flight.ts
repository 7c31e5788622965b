import { newReceiverHealth, type ReceiverHealth } from './deliver/receiver-health.ts';
import { type AnomalyStates, newAnomalyStates } from './evaluate/anomaly-states.ts';
import { type InFlightQueries, inFlightQueries } from './evaluate/in-flight-queries.ts';
import type { Turns } from './with-mutex.ts';

/** Of every rule that was ever evaluated, by the digest of its name: 1 once it judged anything, 0 before. */
export type JudgedRules = { flags: Map<string, 0 | 1>; nameOf: Map<string, string> };

/** What one process has under way and what it has seen, beside what is stored. Made once with its ports, and lost with them. */
export type InFlight = {
  turns: Turns;
  queries: InFlightQueries;
  anomalies: AnomalyStates;
  /** Read from the store once: a rule that another process evaluates meanwhile is noted by both. */
  judgedRules?: Promise<JudgedRules> | undefined;
  receivers: ReceiverHealth;
  /** Deployments whose last look failed: said once, and not every five minutes. */
  unseenDeployments: Set<string>;
};

export const newInFlight = (): InFlight => ({
  turns: new Map(),
  queries: inFlightQueries(),
  anomalies: newAnomalyStates(),
  receivers: newReceiverHealth(),
  unseenDeployments: new Set(),
});
