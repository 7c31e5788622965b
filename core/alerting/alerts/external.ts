import type { Alert } from './alert.ts';
import type { AlertStep } from './alert-step.ts';
import { retire } from './next-alert.ts';

/**
 * A resolved alert is remembered while delayed posts could claim it fires, but never longer than
 * this.
 */
const maxRememberedMs = 3_600_000;

/** What one post says about an external alert, read with the config of its source. */
export type NormalizedAlert = Pick<
  Alert,
  'fingerprint' | 'ruleId' | 'labels' | 'category' | 'groupKey' | 'groupLabels' | 'severity' | 'reason'
> & { external: NonNullable<Alert['external']> };

/**
 * The life of an external alert, one post at a time. A resend only extends its end (`refreshed`). A
 * post with no later start or end changes nothing, so duplicate or late posts undo nothing. A post
 * whose end has passed resolves the alert it belongs to; an alert with a later start goes on. When
 * in doubt the alert fires, since it ends by itself.
 */
export function nextExternal(known: Alert | undefined, told: NormalizedAlert, now: number): AlertStep {
  const { startsAt, endsAt } = told.external;
  const was = known?.external;
  const active = known !== undefined && known.state !== 'resolved';
  const unchanged: AlertStep = { alert: known, change: undefined };

  if (endsAt <= now) {
    if (!active || was === undefined || startsAt < was.startsAt) return unchanged;
    const remembered = Math.min(was.endsAt, now + maxRememberedMs);
    const resolved = retire(known, `resolved in ${told.external.source}`, now);
    return { alert: { ...resolved, external: { ...was, startsAt, endsAt: remembered } }, change: 'resolved' };
  }
  const isNews = was === undefined || startsAt > was.startsAt || endsAt > was.endsAt;
  if (!isNews) return unchanged;
  const external = {
    ...(was !== undefined && endsAt < was.endsAt ? was : told.external),
    startsAt: Math.max(startsAt, was?.startsAt ?? startsAt),
    endsAt: active ? Math.max(endsAt, was?.endsAt ?? endsAt) : endsAt,
  };
  if (!active) {
    const fired: Alert = {
      ...told,
      external,
      state: 'firing',
      since: startsAt,
      firedAt: now,
      breachedAt: now,
      evaluatedAt: now,
      excluded: [],
      ...(known?.joined === undefined ? {} : { joined: known.joined }),
      version: known?.version ?? 0,
    };
    return { alert: fired, change: 'fired' };
  }
  // As for rule alerts, labels for grouping and routing stay as they were when it fired.
  const next: Alert = {
    ...known,
    external,
    severity: told.severity,
    reason: told.reason,
    breachedAt: now,
    evaluatedAt: now,
  };
  if (next.severity === known.severity) return { alert: next, change: 'refreshed' };
  return { alert: next, change: next.severity === 'critical' ? 'severity raised' : 'severity lowered' };
}

/**
 * Whether a resend may stay in memory without a write: the stored end must be at least half as far
 * ahead as the new end. A sender that resends twice within its own lifetime is then heard again in
 * time, so a crash ends no live alert. A reported start tells activations apart and must always be
 * written.
 */
export function lasts(stored: Alert, repeat: Alert): boolean {
  const [was, is, now] = [stored.external, repeat.external, repeat.evaluatedAt];
  if (was === undefined || is === undefined || stored.state !== 'firing') return false;
  if (is.startsAt !== was.startsAt && is.startsAt !== now) return false;
  return 2 * (was.endsAt - now) >= is.endsAt - now;
}

/**
 * An external alert that ends because its end passed without a resend, or its source left the
 * config; undefined while it goes on. If it was resolved before, it is forgotten.
 */
export function endedExternal(alert: Alert, hasSource: (name: string) => boolean, now: number): Alert | undefined {
  const { external } = alert;
  if (external === undefined) return undefined;
  const { source, endsAt } = external;
  const gone = !hasSource(source);
  if (!gone && endsAt > now) return undefined;
  const reason = gone ? `the source ${source} is no longer in the config` : `${source} stopped sending it`;
  const ended = retire(alert, alert.state === 'resolved' ? alert.reason : reason, now);
  return { ...ended, external: { ...external, endsAt: Math.min(endsAt, now) } };
}

/** When alerts are checked, and the alert sources in the config. */
export type TimeSensitiveAt = { now: number; sources: ReadonlySet<string> };

/**
 * Whether time alone may change an alert: a rule judges it, it is muted, it ends, or its source
 * left the config. All others change only when their sender posts, and in a storm there are very
 * many of them.
 */
export const isTimeSensitive = ({ external, muted }: Alert, { now, sources }: TimeSensitiveAt): boolean =>
  external === undefined || muted !== undefined || external.endsAt <= now || !sources.has(external.source);

/** Whether a resolved alert must still be remembered, so that a late post cannot bring it back. */
export const remembersEnd = ({ external, evaluatedAt }: Alert): boolean =>
  external !== undefined && external.endsAt > evaluatedAt;
