import type { Alert } from '../../core/alerting/alerts/alert.ts';
import type { AlertStep } from '../../core/alerting/alerts/alert-step.ts';
import { asKind } from '../../core/alerting/alerts/kinds/table.ts';
import { expectedBy, type Heartbeat } from '../../core/alerting/heartbeats/heartbeat.ts';
import { heartbeatFingerprint, heartbeatGone, heartbeatLook } from '../../core/alerting/heartbeats/heartbeat-alert.ts';
import { heartbeatGrouping } from '../../core/alerting/heartbeats/heartbeat-grouping.ts';
import type { HeartbeatConfig } from '../../core/alerting/heartbeats/heartbeat-schema.ts';
import { scheduleText } from '../../core/alerting/heartbeats/schedule.ts';
import type { AlertChange } from '../../core/response/incidents/opening.ts';
import type { Change } from '../commit-alerts.ts';
import type { Ports } from '../ports/ports.ts';
import { heartbeatCommit } from './heartbeat-commit.ts';
import { noteExpected } from './heartbeats-gone.ts';

/**
 * Heartbeats that are late, in trouble or well again, at a tick. Those that are expected from now
 * on are written.
 */
export async function heartbeatChanges(
  ports: Pick<Ports, 'store' | 'config' | 'inFlight'>,
  alerts: readonly Alert[],
  { now, listensSince }: { now: number; listensSince: number },
): Promise<Change[]> {
  const { config } = ports;
  const names = Object.keys(config.heartbeats);
  await noteExpected(ports, names, now);
  const known = alerts.flatMap((alert) => asKind(alert, 'heartbeat') ?? []);
  if (names.length + known.length === 0) return [];
  const gone = known.filter(({ heartbeat }) => !Object.hasOwn(config.heartbeats, heartbeat.name));
  const ends = gone.flatMap((alert) =>
    changeBy(alert, (before) => (before === undefined ? undefined : heartbeatGone(before, now))),
  );
  if (names.length === 0) return ends;
  const byId = new Map(known.map((alert) => [alert.fingerprint, alert]));
  const looks = (await expectedNow(ports, now)).flatMap(({ heartbeat, of }) =>
    changeBy(byId.get(heartbeatFingerprint(heartbeat.name)), lookAt(ports, of, heartbeat, { now, listensSince })),
  );
  return [...ends, ...looks];
}

/** All heartbeats of the config. Those that are expected from now on are written. */
async function expectedNow(
  { store, config }: Pick<Ports, 'store' | 'config'>,
  now: number,
): Promise<{ heartbeat: Heartbeat; of: HeartbeatConfig }[]> {
  const all = Object.entries(config.heartbeats);
  const stored = await store.heartbeats(all.map(([name]) => name));
  const expected = all.map(([name, of], place) => {
    const before = stored[place];
    return { of, before, heartbeat: expectedBy(before, name, scheduleText(of), now) };
  });
  for (const { before, heartbeat } of expected) if (heartbeat !== before) await store.commit(heartbeatCommit(heartbeat));
  return expected;
}

type Look = (before: Alert | undefined) => AlertStep | undefined;

/** How the alert about a heartbeat is decided, also again after a lost race. */
export const lookAt =
  (
    { config }: Pick<Ports, 'config'>,
    of: HeartbeatConfig,
    heartbeat: Heartbeat,
    moment: { now: number; listensSince: number; isReported?: boolean },
  ): Look =>
  (before) =>
    heartbeatLook(before, of, heartbeat, { ...moment, groupBy: heartbeatGrouping(config) });

/** The change of an alert, if there is one. */
export function changeBy(before: Alert | undefined, look: Look): Change[] {
  const again = (known: Alert | undefined): AlertChange | undefined => {
    const { alert, change } = look(known) ?? {};
    return alert === undefined || change === undefined ? undefined : { before: known, after: alert, change };
  };
  const change = again(before);
  return change === undefined ? [] : [{ ...change, again }];
}
