import type { AlertsSourceConfig } from '../../telemetry/sources/kinds/alerts.ts';
import { fingerprint } from '../../vocabulary/fingerprint.ts';
import { formatUtc } from '../../vocabulary/format.ts';
import { byItself } from '../../vocabulary/group-by.ts';
import { asRuleId, type Fingerprint, type RuleId } from '../../vocabulary/ids.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { Alert } from './alert.ts';
import type { AlertStep } from './alert-step.ts';
import { groupOf } from './group.ts';

/** A source of alerts that has to send its watchdog alert. */
export type Watched = { name: string; source: Pick<AlertsSourceConfig, 'labels' | 'category'> & { watchdog: Watchdog } };
type Watchdog = NonNullable<AlertsSourceConfig['watchdog']>;

/** `prometheus/watchdog`, as if it were an alert of that source. */
export const watchdogRule = (source: string): RuleId => asRuleId(`${source}/watchdog`);
/** One a source, whatever its labels are. Config names cannot contain this character. */
export const watchdogFingerprint = (source: string): Fingerprint => fingerprint(`${source}#watchdog`, {});

/** That it came is written if the last time is older than this, or than a quarter of `within`. */
const writtenAfterMs = 30_000;
/** Two machines' clocks differ by less. A time from further ahead was noted by a wrong clock. */
const clockSlackMs = 60_000;

/** When its source was heard last, or since when it is expected, if it never was. */
const heardAt = ({ seenAt, since }: NonNullable<Alert['watchdog']>): number => Math.max(seenAt ?? since, since);

/** The watchdog alert has come: that ends the alert about its absence. */
export function watchdogSeen(known: Alert | undefined, watched: Watched, now: number): AlertStep {
  const before = known ?? newWatchdog(watched, now);
  const was = before.watchdog;
  const watchdog = { source: watched.name, since: Math.min(was?.since ?? now, now), seenAt: now };
  if (before.state === 'firing') {
    const missed = was === undefined ? '' : `, after ${formatDuration(now - heardAt(was))}`;
    const reason = `${watched.name} sends its watchdog alert again${missed}`;
    return { alert: { ...before, watchdog, state: 'resolved', reason, evaluatedAt: now, resolvedAt: now }, change: 'resolved' };
  }
  const age = now - (was?.seenAt ?? Number.NEGATIVE_INFINITY);
  const isFresh = age >= -clockSlackMs && age < Math.min(writtenAfterMs, watched.source.watchdog.within / 4);
  if (known !== undefined && isFresh) return { alert: known, change: undefined };
  return { alert: { ...before, watchdog, reason: 'it comes', evaluatedAt: now }, change: 'refreshed' };
}

/**
 * Looks whether the watchdog alert is missing. `listensSince`: nothing was heard before that,
 * because Tocsin was down; a source has `within` from then on.
 */
export function watchdogLook(known: Alert | undefined, watched: Watched, now: number, listensSince = 0): AlertStep {
  const { name, source } = watched;
  const { within } = source.watchdog;
  if (known?.watchdog === undefined) return { alert: newWatchdog(watched, now), change: 'refreshed' };
  if (known.state === 'firing') return { alert: known, change: undefined };
  const { watchdog } = known;
  const { seenAt, since } = watchdog;
  if (heardAt(watchdog) > now + clockSlackMs) {
    const heard = {
      ...watchdog,
      since: Math.min(since, now),
      ...(seenAt === undefined ? {} : { seenAt: Math.min(seenAt, now) }),
    };
    return { alert: { ...known, watchdog: heard, evaluatedAt: now }, change: 'refreshed' };
  }
  if (now - Math.max(heardAt(watchdog), Math.min(listensSince, now)) < within) return { alert: known, change: undefined };
  const last =
    seenAt === undefined
      ? `has never sent its watchdog alert, which is expected since ${formatUtc(since)}`
      : `has not sent its watchdog alert for ${formatDuration(now - seenAt)}, last at ${formatUtc(seenAt)}`;
  const reason = `${name} ${last}, and has to every ${formatDuration(within)}: its other alerts may not arrive either`;
  const { resolvedAt: _, ...before } = known;
  return {
    alert: {
      ...before,
      state: 'firing',
      reason,
      since: Math.min(seenAt ?? since, now),
      firedAt: now,
      breachedAt: now,
      evaluatedAt: now,
    },
    change: 'fired',
  };
}

/**
 * An alert of Tocsin's own, by itself in its incident: what else its source sends says nothing
 * about it.
 */
function newWatchdog({ name, source }: Watched, now: number): Alert {
  const id = watchdogFingerprint(name);
  const labels = { ...source.labels, source: name };
  return {
    fingerprint: id,
    ruleId: watchdogRule(name),
    labels,
    category: source.category,
    ...groupOf({ labels, fingerprint: id }, [byItself]),
    state: 'resolved',
    severity: 'critical',
    since: now,
    breachedAt: now,
    evaluatedAt: now,
    reason: 'expected from now on',
    excluded: [],
    aboutRule: true,
    watchdog: { source: name, since: now },
    version: 0,
  };
}
