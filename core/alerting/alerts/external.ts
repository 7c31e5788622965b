import type { Alert } from './alert.ts';
import type { AlertStep } from './alert-step.ts';
import { retire } from './next-alert.ts';

/** A resolved alert is remembered until no post from before can still claim that it fires, but no longer than this. */
const maxRememberedMs = 3_600_000;

/** What one post says of an alert that another system judges, read by the config of its source. */
export type NormalizedAlert = Pick<
  Alert,
  'fingerprint' | 'ruleId' | 'labels' | 'category' | 'groupKey' | 'groupLabels' | 'severity' | 'reason'
> & { external: NonNullable<Alert['external']> };

/**
 * The life of an external alert, one post at a time. A repeat only puts its end off (`refreshed`); one that brings no
 * later start or end than was known changes nothing, so posts that come twice, or late, undo nothing. A post whose end has
 * come resolves what it belongs to: an alert with a later start goes on. In doubt an alert fires, for it ends by itself.
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
  // What it is grouped and routed by stays as it was when it fired, as it does for an alert of a rule.
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
 * Whether what is stored of an alert lasts while a repeat of it is kept in memory only: it must end no sooner than half as far
 * ahead as the repeat says. A sender who repeats at least twice in the time that it gives an alert is then heard again
 * before the stored end, so a crash ends nothing that goes on. A start that was told, and not made up from the time of the
 * post, tells activities apart and must not be lost.
 */
export function lasts(stored: Alert, repeat: Alert): boolean {
  const [was, is, now] = [stored.external, repeat.external, repeat.evaluatedAt];
  if (was === undefined || is === undefined || stored.state !== 'firing') return false;
  if (is.startsAt !== was.startsAt && is.startsAt !== now) return false;
  return 2 * (was.endsAt - now) >= is.endsAt - now;
}

/**
 * An external alert that ends because nothing was heard of it until its end, or because its source is no longer in the
 * config; undefined while it goes on. Of one that had resolved before nothing is remembered any more.
 */
export function endedExternal(alert: Alert, hasSource: (name: string) => boolean, now: number): Alert | undefined {
  const { external } = alert;
  if (external === undefined) return undefined;
  const { source, endsAt } = external;
  const gone = !hasSource(source);
  if (!gone && endsAt > now) return undefined;
  const reason = gone ? `the source ${source} is no longer in the config` : `${source} has not sent it again`;
  const ended = retire(alert, alert.state === 'resolved' ? alert.reason : reason, now);
  return { ...ended, external: { ...external, endsAt: Math.min(endsAt, now) } };
}

/** When alerts are looked at, and the names of the sources of alerts in the config. */
export type TimeSensitiveAt = { now: number; sources: ReadonlySet<string> };

/**
 * Whether time alone may change something about an alert: it is judged by a rule, or muted, or it ends, or its source is no longer in
 * the config. The others change only when their senders say so, and in a storm of theirs there are very many.
 */
export const isTimeSensitive = ({ external, muted }: Alert, { now, sources }: TimeSensitiveAt): boolean =>
  external === undefined || muted !== undefined || external.endsAt <= now || !sources.has(external.source);

/** Whether anything of a resolved alert is still to be remembered: what a late post could otherwise bring back. */
export const remembersEnd = ({ external, evaluatedAt }: Alert): boolean =>
  external !== undefined && external.endsAt > evaluatedAt;
