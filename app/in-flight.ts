import type { LastKept } from '../core/alerting/judgements/history/pace.ts';
import type { Judgement } from '../core/alerting/judgements/judgement.ts';
import type { Incident } from '../core/response/incidents/incident.ts';
import type { NextStep } from '../core/response/incidents/next-step.ts';
import type { RuleHealth } from '../core/selfcheck/health/rule-health.ts';
import type { RunningConfig } from '../core/selfcheck/running-config.ts';
import type { Fingerprint, RuleId } from '../core/vocabulary/ids.ts';
import { newReceiverHealth, type ReceiverHealth } from './deliver/receiver-health.ts';
import { type AnomalyStates, newAnomalyStates } from './evaluate/anomaly-states.ts';
import { type InFlightQueries, inFlightQueries } from './evaluate/in-flight-queries.ts';
import type { NewestWritten } from './ingest/newest-written.ts';
import type { Turns } from './with-mutex.ts';

/**
 * For every rule ever evaluated, by digest of its name: 1 once it judged anything, 0 before.
 * `ofRule`: the same of the rules that were looked at, by id. `complete`: the rules of the config
 * that is known to have none without a flag.
 */
export type JudgedRules = { flags: Map<string, 0 | 1>; ofRule: Map<string, 0 | 1>; complete?: object };

/**
 * By rule: what this process kept last of each series in its history, and up to when it has summed
 * up hours.
 */
export type HistoryKept = Map<RuleId, Map<Fingerprint, LastKept & { summedTo?: number | undefined }>>;

/** By rule: its last judgement, and when one was written last. */
export type JudgementsNoted = Map<string, { judgement: Judgement; writtenAt: number }>;

/**
 * What one process has in flight or has seen, in addition to the store. Created with its ports, and
 * lost with them.
 */
export type InFlight = {
  turns: Turns;
  queries: InFlightQueries;
  anomalies: AnomalyStates;
  /** Read once: a rule that another process evaluates meanwhile is noted by both. */
  judgedRules?: Promise<JudgedRules> | undefined;
  judgements: JudgementsNoted;
  history: HistoryKept;
  receivers: ReceiverHealth;
  /** Deployments whose last check failed; logged once, not every five minutes. */
  unseenDeployments: Set<string>;
  /** How the rules were when somebody looked last, and what that rests on. */
  rulesHealth?: { restsOn: readonly unknown[]; health: readonly RuleHealth[] } | undefined;
  /**
   * What happens next to incidents that are open, by the config that it follows from. An incident
   * that changes is another one.
   */
  nextSteps: WeakMap<Incident, { config: RunningConfig; steps: readonly NextStep[] }>;
  /** By source: alerts that it ignored since the process started. */
  ignoredAlerts: Map<string, number>;
  /** By source of alerts: when something was last sent to it since the process started. */
  heardAt: Map<string, number>;
  newestWritten: NewestWritten;
  /** The heartbeats that the store is known to have noted as expected. */
  expectedHeartbeats?: readonly string[] | undefined;
};

export const newInFlight = (): InFlight => ({
  turns: new Map(),
  queries: inFlightQueries(),
  anomalies: newAnomalyStates(),
  judgements: new Map(),
  history: new Map(),
  receivers: newReceiverHealth(),
  unseenDeployments: new Set(),
  nextSteps: new WeakMap(),
  ignoredAlerts: new Map(),
  heardAt: new Map(),
  newestWritten: new Map(),
});
