import { forecastOf } from '../../core/alerting/heartbeats/forecast.ts';
import { expectedBy, type Heartbeat, isOpen, type Run } from '../../core/alerting/heartbeats/heartbeat.ts';
import { heartbeatFingerprint } from '../../core/alerting/heartbeats/heartbeat-alert.ts';
import type { HeartbeatConfig } from '../../core/alerting/heartbeats/heartbeat-schema.ts';
import { dueAfter, scheduleText } from '../../core/alerting/heartbeats/schedule.ts';
import type { Forecast, HeartbeatTrouble } from '../../core/alerting/heartbeats/trouble.ts';
import { forecastText, troubleText } from '../../core/alerting/heartbeats/trouble-words.ts';
import { deadlineOwed, runUnderWay, troublesOf } from '../../core/alerting/heartbeats/troubles-of.ts';
import type { AlertSeverity, Labels } from '../../core/vocabulary/schema-parts.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { listeningSince } from '../evaluate/listening-since.ts';
import type { Ports } from '../ports/ports.ts';

/** `expected`: it has not reported yet. `in trouble`: see `troubles`. */
export const heartbeatStandings = ['in trouble', 'running', 'well', 'expected'] as const;
export type HeartbeatStanding = (typeof heartbeatStandings)[number];

/** How a heartbeat is. */
export type HeartbeatNow = {
  name: string;
  title: string;
  owner?: string;
  labels: Labels;
  runbook: string;
  /** When it is due: by a cron expression in its zone, or so long after its last run. */
  cron?: string;
  every?: number;
  timezone: string;
  standing: HeartbeatStanding;
  troubles: (HeartbeatTrouble & { text: string })[];
  /** Of its alert, while one fires. */
  severity?: AlertSeverity;
  incidentId?: string;
  since: number;
  succeededAt?: number;
  nextDueAt?: number;
  /** The run under way. */
  running?: Run;
  deadline?: { at: number; forecast?: Forecast & { text: string } };
  /** The newest, oldest first. */
  runs: Run[];
};

export const noSuchHeartbeat = (name: string): string => `there is no heartbeat ${shown(name)}`;

/** All heartbeats of the config, worst first. */
export async function heartbeatsNow(ports: Ports, now: number): Promise<HeartbeatNow[]> {
  const all = await heartbeatsOf(ports, Object.keys(ports.config.heartbeats), now);
  const rank = ({ standing }: HeartbeatNow): number => heartbeatStandings.indexOf(standing);
  return all.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

/** Those of these names that the config has. */
export async function heartbeatsOf(
  ports: Pick<Ports, 'store' | 'config'>,
  names: readonly string[],
  now: number,
): Promise<HeartbeatNow[]> {
  const { config, store } = ports;
  const present = names.filter((name) => Object.hasOwn(config.heartbeats, name));
  if (present.length === 0) return [];
  const [stored, alerts, listensSince] = await Promise.all([
    store.heartbeats(present),
    store.alertsOf(present.map(heartbeatFingerprint)),
    listeningSince(ports, now),
  ]);
  return present.flatMap((name, place): HeartbeatNow[] => {
    const of = config.heartbeats[name];
    if (of === undefined) return [];
    const heartbeat = expectedBy(stored[place], name, scheduleText(of), now);
    const alert = alerts[place]?.state === 'firing' ? alerts[place] : undefined;
    const was = new Set(alert?.heartbeat?.troubles);
    const troubles = troublesOf(of, heartbeat, { now, listensSince, was });
    return [
      {
        ...heartbeatNow(name, of, heartbeat, troubles, now),
        ...(alert === undefined ? {} : { severity: alert.severity }),
        ...(alert?.joined === undefined ? {} : { incidentId: alert.joined.incidentId }),
      },
    ];
  });
}

function heartbeatNow(
  name: string,
  of: HeartbeatConfig,
  heartbeat: Heartbeat,
  troubles: readonly HeartbeatTrouble[],
  now: number,
): HeartbeatNow {
  const { timezone, owner, title, labels, runbook } = of;
  const nextDueAt = dueAfter(of, heartbeat.beganAt, heartbeat.since);
  const running = heartbeat.runs.findLast(isOpen);
  const deadline = deadlineNow(name, of, heartbeat, now);
  return {
    ...{ name, title: title ?? name, labels, runbook, timezone },
    ...(owner === undefined ? {} : { owner }),
    ...(of.schedule === undefined ? {} : { cron: of.schedule }),
    ...(of.every === undefined ? {} : { every: of.every }),
    standing: standingOf(heartbeat, running, troubles),
    troubles: troubles.map((trouble) => ({ ...trouble, text: troubleText(name, trouble, timezone, now) })),
    since: heartbeat.since,
    ...(heartbeat.succeeded === undefined ? {} : { succeededAt: heartbeat.succeeded.endedAt }),
    ...(nextDueAt === undefined ? {} : { nextDueAt }),
    ...(running === undefined ? {} : { running }),
    ...(deadline === undefined ? {} : { deadline }),
    runs: heartbeat.runs,
  };
}

function standingOf(heartbeat: Heartbeat, running: Run | undefined, troubles: readonly HeartbeatTrouble[]): HeartbeatStanding {
  if (troubles.length > 0) return 'in trouble';
  if (running !== undefined) return 'running';
  return heartbeat.runs.length === 0 ? 'expected' : 'well';
}

/** The deadline of the run that is due or under way, and when it is predicted to end. */
function deadlineNow(name: string, of: HeartbeatConfig, heartbeat: Heartbeat, now: number): HeartbeatNow['deadline'] {
  const owed = deadlineOwed(of, heartbeat);
  if (owed === undefined) return undefined;
  const run = runUnderWay(heartbeat, owed.dueAt);
  const forecast = run === undefined ? undefined : forecastOf(heartbeat, run, now);
  if (forecast === undefined) return { at: owed.at };
  const text = forecastText(name, forecast, of.timezone, now);
  return { at: owed.at, forecast: { ...forecast, text } };
}
