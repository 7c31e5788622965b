import { tableKeys } from '../../vocabulary/table-keys.ts';

/**
 * What lib/ deploys, as far as it costs something. core/ cannot read a stack, so it stands here again; test/dry-run/cost compares it
 * with the synthesized template, and fails when the two differ.
 */
export const deployed = {
  /** Memory of each function in MB. */
  functions: {
    evaluate: 1024,
    sweep: 512,
    wake: 512,
    dispatch: 256,
    deliver: 512,
    rollback: 512,
    ingest: 1024,
    slack: 1024,
    web: 512,
  },
  /** Metrics that our own alarms watch. */
  alarmMetrics: 33,
  dashboards: 0,
  /** Where settings.ownMetrics asks for it: metrics about Tocsin itself, as many as core/selfcheck/logs/metrics.ts has, and a dashboard. */
  asked: { metrics: 14, dashboards: 1 },
  /** Where settings.syntheticIncident asks for them: how long their pages take, and the alarm on it. */
  synthetic: { metrics: 1, alarmMetrics: 1 },
  keys: 1,
  /** Queues that Lambda polls for a function. */
  polledQueues: 5,
  /** Minutes between two starts of evaluate, and of sweep. */
  tickMinutes: 1,
  /** Minutes between two looks at what deployments serve, where rules may roll any back. */
  lookMinutes: 5,
} as const;

/** Lambda waits at each queue with five long polls of 20 seconds, also while there is nothing to fetch. */
export const pollsAMinute = 5 * 3;

/** GetMetricData takes this many queries a call. */
export const queriesACall = 500;

/**
 * Units of DynamoDB that one start takes while nothing happens. A strongly consistent read of up to 4 KB is one unit, a query
 * of an index half a unit a shard. evaluate: the last tick, the list of alerts, the list of silences; sweep: incidents and
 * effects that are due, the three notes on how it is, the list of open incidents and the effects that wait; each fifth time an
 * audit: open and resolved incidents, alerts, effects.
 */
export const idleReadUnits = {
  evaluate: 1 + 0.5 * tableKeys.listShards + 0.5 * tableKeys.listShards,
  sweep:
    // Incidents, and four priorities of effects, these twice.
    0.5 * 9 * tableKeys.dueShards +
    3 +
    0.5 * tableKeys.listShards +
    (0.5 * 3 * tableKeys.listShards + 4 * 0.5 * tableKeys.dueShards) / 5,
} as const;

/** Units that a minute writes whatever happens: evaluate and sweep note how they are, each fifth time also an audit. */
export const idleWriteUnits = 2.2;

/**
 * Units that an incident takes from the first breach to the end, by the actions of adapters/dynamodb: a transaction takes
 * two units a KB written, and one more for each index that the item is in. Opened, acknowledged, recovered and resolved are 70
 * units, with timers in two indexes; a page with its lease, its outcome and the refresh of what was posted is 25 more. Reads: 20,
 * and 8 a page.
 */
export const incidentUnits = {
  write: (pages: number): number => 70 + 25 * pages,
  read: (pages: number): number => 20 + 8 * pages,
} as const;
