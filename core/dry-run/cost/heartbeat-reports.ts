import { dueNext } from '../../alerting/heartbeats/schedule.ts';
import type { Config } from '../../config/schema.ts';
import type { Assumed } from './assumptions.ts';
import { timesAMonth } from './metrics-requested.ts';

/** The monthly use of table and `ingest` by jobs that report their runs. */
export type HeartbeatsBill = { requests: number; readUnits: number; writeUnits: number };

/**
 * Runs are counted in a month of this year: what the clocks of a zone do in spring is a run more or
 * less.
 */
const monthBegins = Date.UTC(2026, 0, 1);
/** More runs than a month has minutes is no schedule. */
const mostRuns = 50_000;

/**
 * Each tick reads all of their records, and notes that it has listened. A report reads its record,
 * its alert and that note, and writes its record.
 */
export function heartbeatsBill({ heartbeats }: Pick<Config, 'heartbeats'>, assumed: Assumed): HeartbeatsBill {
  const all = Object.values(heartbeats);
  if (all.length === 0) return { requests: 0, readUnits: 0, writeUnits: 0 };
  const { heartbeatBytes, reportsARun, hoursAMonth } = assumed;
  const ticks = timesAMonth(0, assumed);
  const record = Math.ceil(heartbeatBytes / 4096);
  const monthMs = hoursAMonth * 3_600_000;
  const reports = all.reduce((sum, one) => sum + runsWithin(one, monthMs), 0) * reportsARun;
  return {
    requests: reports,
    readUnits: ticks * (1 + all.length * record) + reports * (record + 2),
    writeUnits: ticks + reports * 2 * Math.ceil(heartbeatBytes / 1024),
  };
}

function runsWithin(schedule: Config['heartbeats'][string], monthMs: number): number {
  if (schedule.every !== undefined) return monthMs / schedule.every;
  let runs = 0;
  for (let at = dueNext(schedule, monthBegins); at !== undefined && at < monthBegins + monthMs && runs < mostRuns; runs += 1)
    at = dueNext(schedule, at);
  return runs;
}
