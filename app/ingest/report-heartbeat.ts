import { expectedBy, type Heartbeat, type HeartbeatReport } from '../../core/alerting/heartbeats/heartbeat.ts';
import { heartbeatFingerprint } from '../../core/alerting/heartbeats/heartbeat-alert.ts';
import type { HeartbeatConfig } from '../../core/alerting/heartbeats/heartbeat-schema.ts';
import { nextHeartbeat } from '../../core/alerting/heartbeats/next-heartbeat.ts';
import { scheduleText } from '../../core/alerting/heartbeats/schedule.ts';
import { shown } from '../../core/vocabulary/shown.ts';
import { commitMuted } from '../commit-alerts.ts';
import { areCoupled } from '../correlation-context.ts';
import { heartbeatCommit } from '../evaluate/heartbeat-commit.ts';
import { changeBy, lookAt } from '../evaluate/heartbeats.ts';
import { listeningSince } from '../evaluate/listening-since.ts';
import type { Ports } from '../ports/ports.ts';
import { withMutex } from '../with-mutex.ts';
import { IngestError } from './ingest-result.ts';

/** How often a lost race is tried again. */
const maxRounds = 5;

/** `isNew`: false for a report that was there already. Undefined: there is no such heartbeat. */
export type HeartbeatTaken = { isNew: boolean };

/**
 * A job has reported. Its record is written first, and says everything: if its alert cannot be
 * decided now, the next tick decides it. Throws IngestError if the report itself could not be
 * stored.
 */
export async function reportHeartbeat(ports: Ports, name: string, report: HeartbeatReport): Promise<HeartbeatTaken | undefined> {
  const of = Object.hasOwn(ports.config.heartbeats, name) ? ports.config.heartbeats[name] : undefined;
  if (of === undefined) return undefined;
  return withMutex(ports.inFlight.turns, `heartbeat ${name}`, async () => {
    const { heartbeat, isNew } = await written(ports, name, of, report);
    if (isNew) await alertNow(ports, of, heartbeat, report.at);
    return { isNew };
  });
}

async function written(
  { store }: Ports,
  name: string,
  of: HeartbeatConfig,
  report: HeartbeatReport,
): Promise<{ heartbeat: Heartbeat; isNew: boolean }> {
  for (let round = 0; round < maxRounds; round += 1) {
    const [known] = await store.heartbeats([name]);
    const before = expectedBy(known, name, scheduleText(of), report.at);
    const after = nextHeartbeat(before, report);
    if (after === known) return { heartbeat: after, isNew: false };
    if ((await store.commit(heartbeatCommit(after))) === 'committed')
      return { heartbeat: { ...after, version: after.version + 1 }, isNew: after !== before };
  }
  throw new IngestError('busy', 'others changed this heartbeat at the same time; send the report again');
}

/**
 * At once, for those who wait for the end of an alert, and for those who are paged about a failure.
 */
async function alertNow(ports: Ports, of: HeartbeatConfig, heartbeat: Heartbeat, now: number): Promise<void> {
  try {
    const listensSince = await listeningSince(ports, now);
    const known = await ports.store.alert(heartbeatFingerprint(heartbeat.name));
    const changes = changeBy(known, lookAt(ports, of, heartbeat, { now, listensSince, isReported: true }));
    if (changes.length === 0) return;
    const others = areCoupled(ports.config) ? await ports.store.alerts() : [];
    await commitMuted(ports, changes, others, await ports.store.silences(now), now);
  } catch (error) {
    ports.log('warn', 'the alert about a heartbeat is left to the next tick', {
      heartbeat: heartbeat.name,
      error: String(error),
    });
  }
}

/** For a sender that named none: those that its key may report. */
export const noHeartbeat = (ports: Pick<Ports, 'config'>, name: string): string => {
  const names = Object.keys(ports.config.heartbeats);
  const some = names.slice(0, 20).join(', ');
  const there =
    names.length === 0 ? 'none is configured for this key' : `there are ${some}${names.length > 20 ? ' and others' : ''}`;
  return `expected the name of a heartbeat; received ${shown(name)}; ${there}`;
};
