import { type Alert, isActive } from '../../core/alerting/alerts/alert.ts';
import { muting } from '../../core/alerting/alerts/mute.ts';
import { isUpstream, type MuteReason } from '../../core/alerting/alerts/mute-reason.ts';
import { inhibiting } from '../../core/alerting/inhibitions/inhibiting.ts';
import { isMutedBy } from '../../core/alerting/mute-timings/mute-timing.ts';
import { receiverOf } from '../../core/response/escalation/receivers.ts';
import type { Fingerprint } from '../../core/vocabulary/ids.ts';
import { matchable, matches } from '../../core/vocabulary/matching.ts';
import { isOwn } from '../../core/vocabulary/tenant.ts';
import type { Ports } from '../ports/ports.ts';
import { nextTurn } from '../yield-to-event-loop.ts';

/** An alert that fires, and what withholds its pages at this moment. */
export type AlertNow = {
  alert: Alert;
  /** Ids of silences. */
  silencedBy: string[];
  /** Alerts that inhibit it, or in words what upstream explains it. */
  inhibitedBy: (Fingerprint | string)[];
  /** Mute timings, and routes that page nobody. */
  mutedBy: string[];
  /** Its escalation policy. */
  receiver: string;
};

/**
 * The most that are named of one alert for each inhibition: in a storm, thousands of sources may
 * inhibit it.
 */
const mostInhibitors = 20;

/** A quieted alert inhibits nothing. */
const isQuieted = (reason: MuteReason | undefined): boolean =>
  reason !== undefined && (reason.by === 'silence' || reason.by === 'mute timing' || reason.by === 'route');

/** Alerts looked at before other work may run. */
const alertsInARow = 500;

/**
 * Every alert that fires, of rules and of other systems, by fingerprint. A silence counts from the
 * moment when it is made, while the alerts themselves note it with the next evaluation.
 */
export async function alertsNow({ store, config }: Pick<Ports, 'store' | 'config'>, now: number): Promise<AlertNow[]> {
  const [alerts, silences] = await Promise.all([store.alerts(), store.silences(now)]);
  const firing = alerts.filter((alert) => isActive(alert) && isOwn(alert));
  firing.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  const { muteTimings, inhibitions, routes } = config;
  const inForce = silences.filter(({ from }) => from <= now);
  const timings = Object.entries(muteTimings).filter(([, timing]) => isMutedBy(timing, now));
  const reasonOf = muting({ silences, muteTimings, inhibitions, routes }, firing, now);
  const heard = firing.filter((alert) => !isQuieted(reasonOf(alert)));
  const inhibitors = inhibitions.map((inhibition) => inhibiting(inhibition, heard, mostInhibitors));
  const found: AlertNow[] = [];
  for (const [place, alert] of firing.entries()) {
    if (place % alertsInARow === alertsInARow - 1) await nextTurn();
    const subject = matchable(alert);
    const reason = reasonOf(alert) ?? (isUpstream(alert.muted) ? alert.muted : undefined);
    found.push({
      alert,
      silencedBy: inForce.flatMap(({ id, match }) => (matches(match, subject) ? [id] : [])),
      inhibitedBy:
        reason?.by === 'inhibition'
          ? inhibitors.flatMap((sourcesOf) => sourcesOf(subject).map(({ fingerprint }) => fingerprint))
          : reason?.by === 'upstream'
            ? [reason.text]
            : [],
      mutedBy: [
        ...timings.flatMap(([name, { match }]) => (matches(match, subject) ? [name] : [])),
        ...(reason?.by === 'route' ? [reason.text] : []),
      ],
      receiver: receiverOf(config, alert),
    });
  }
  return found;
}
