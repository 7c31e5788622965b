import { gauges, type MetricFamily, type MetricPoint } from './family.ts';

/** How a heartbeat is. Times in milliseconds since the epoch. */
export type HeartbeatFacts = {
  name: string;
  inTrouble: boolean;
  succeededAt?: number | undefined;
  /** How long the newest run took that ended with success. */
  tookMs?: number | undefined;
  /** Of the run under way: how much is done, from 0 to 1. */
  done?: number | undefined;
};

/** Jobs that report their runs: what a dashboard of pipelines shows. */
export function heartbeatFamilies(heartbeats: readonly HeartbeatFacts[]): MetricFamily[] {
  const points = (read: (one: HeartbeatFacts) => number | undefined): MetricPoint[] =>
    heartbeats.flatMap((one) => {
      const value = read(one);
      return value === undefined ? [] : [{ labels: { heartbeat: one.name }, value }];
    });
  const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);
  return [
    ...gauges(
      'tocsin_heartbeat_in_trouble',
      '1 if a job is late, failed, or will miss its deadline.',
      points(({ inTrouble }) => (inTrouble ? 1 : 0)),
    ),
    ...gauges(
      'tocsin_heartbeat_success_timestamp',
      'When a job last succeeded, in Unix time.',
      points((one) => seconds(one.succeededAt)),
      'seconds',
    ),
    ...gauges(
      'tocsin_heartbeat_duration',
      'How long the last run took that succeeded.',
      points((one) => seconds(one.tookMs)),
      'seconds',
    ),
    ...gauges(
      'tocsin_heartbeat_progress',
      'How much of the run under way is done, from 0 to 1.',
      points(({ done }) => done),
    ),
  ];
}
