import { tableKeys } from '../../vocabulary/table-keys.ts';

/**
 * The billed part of what lib/ deploys. core/ cannot read the stack, so it is repeated here;
 * test/dry-run/cost fails if it differs from the synthesized template.
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
    judge: 1024,
  },
  /** Metrics that our own alarms watch. */
  alarmMetrics: 33,
  dashboards: 0,
  /**
   * With settings.ownMetrics: as many metrics as core/selfcheck/logs/metrics.ts has, and a
   * dashboard.
   */
  asked: { metrics: 17, dashboards: 1 },
  /** With settings.syntheticIncident: the time to page, and its alarm. */
  synthetic: { metrics: 1, alarmMetrics: 1 },
  keys: 1,
  /** Queues that Lambda polls for a function. */
  polledQueues: 5,
  /** Minutes between runs of evaluate, and of sweep. */
  tickMinutes: 1,
  /** Minutes between checks of what deployments serve, if rules may roll any back. */
  lookMinutes: 5,
} as const;

/** Lambda polls each queue with five 20-second long polls, even when it is empty. */
export const pollsAMinute = 5 * 3;

/** Queries per GetMetricData call. */
export const queriesACall = 500;

/**
 * DynamoDB read units of one idle run. A strongly consistent read of up to 4 KB is one unit; an
 * index query is half a unit per shard. evaluate: last tick, alerts, silences. sweep: due incidents
 * and effects, three status notes, open incidents, waiting effects; every fifth run also the
 * consistency check: open and resolved incidents, alerts, effects.
 */
export const idleReadUnits = {
  evaluate: 1 + 0.5 * tableKeys.listShards + 0.5 * tableKeys.listShards,
  sweep:
    // Incidents, and four priorities of effects, read twice.
    0.5 * 9 * tableKeys.dueShards +
    3 +
    0.5 * tableKeys.listShards +
    (0.5 * 3 * tableKeys.listShards + 4 * 0.5 * tableKeys.dueShards) / 5,
} as const;

/**
 * Write units per idle minute: status notes of evaluate and sweep, and every fifth time of the
 * consistency check.
 */
export const idleWriteUnits = 2.2;

/** Write units of one judgement: of a rule that is well, and of one with an alert or two. */
export const judgementUnits = { quiet: 1, active: 2 } as const;

/**
 * Write and read units of one incident from first breach to end, from the actions in
 * adapters/dynamodb. A transaction takes two units per KB, plus one per index of the item. Open,
 * acknowledge, recover and resolve: 70 units, with timers in two indexes. A page with its lease,
 * outcome and message update: 25 more. Reads: 26, and 10 per page, with what was judged last.
 */
export const incidentUnits = {
  write: (pages: number): number => 70 + 25 * pages,
  read: (pages: number): number => 26 + 10 * pages,
} as const;
