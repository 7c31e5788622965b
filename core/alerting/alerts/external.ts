import { labelsKey } from '../../vocabulary/labels-key.ts';
import { severityRank } from '../../vocabulary/severity.ts';
import type { Alert } from './alert.ts';
import type { AlertStep } from './alert-step.ts';
import { retire } from './next-alert.ts';
import { hasLeftOut } from './posted-cuts.ts';

/**
 * A resolved alert is remembered while its sender may tell of it again, so that its incident knows
 * it again, but never longer than this. Of one that its sender judges, when it was judged is
 * remembered longer.
 */
const maxRememberedMs = 3_600_000;

/** What one post says about an external alert, read with the config of its source. */
export type NormalizedAlert = Pick<
  Alert,
  'fingerprint' | 'ruleId' | 'labels' | 'category' | 'groupKey' | 'groupLabels' | 'severity' | 'reason'
> & { external: NonNullable<Alert['external']> };

/**
 * The life of an external alert, one post at a time, as Alertmanager merges posts (`Alert.Merge`
 * and `Put` of its memory provider). The last post decides whether it fires, whoever sent it. While
 * it fires, the earliest start and the latest end count, and the texts of the last post; an end
 * that nobody sent yields to the next one.
 */
export function nextExternal(known: Alert | undefined, told: NormalizedAlert, now: number): AlertStep {
  const { startsAt, endsAt, judgedAt } = told.external;
  const was = known?.external;
  if (isOutdated(known, told, now)) return { alert: known, change: undefined };
  const isActive = known !== undefined && known.state !== 'resolved';
  if (endsAt <= now) {
    if (!isActive || was === undefined) return { alert: known, change: undefined };
    const remembered = Math.max(Math.min(was.endsAt, now + maxRememberedMs), outdatedFrom(known, judgedAt));
    const resolved = retire(known, `resolved in ${told.external.source}`, now);
    const judged = judgedAt === undefined ? {} : { judgedAt };
    return { alert: { ...resolved, external: { ...was, ...judged, endsAt: remembered } }, change: 'resolved' };
  }
  if (isActive && was !== undefined) {
    const external = {
      ...told.external,
      startsAt: startsAt < was.endsAt ? Math.min(startsAt, was.startsAt) : startsAt,
      endsAt: was.timeout === true ? endsAt : Math.max(endsAt, was.endsAt),
    };
    return goesOn(known, { ...told, external }, now);
  }
  // A post ended it, and this one tells of an earlier start: it went on all along.
  const before = known === undefined || isLongOver(known, now) ? undefined : known;
  const overlaps = before !== undefined && was !== undefined && was.startsAt < startsAt && startsAt < (known?.resolvedAt ?? 0);
  const since = overlaps ? was.startsAt : startsAt;
  const fired: Alert = {
    ...told,
    external: { ...told.external, startsAt: since },
    state: 'firing',
    since,
    firedAt: now,
    breachedAt: now,
    evaluatedAt: now,
    excluded: [],
    ...(before?.joined === undefined ? {} : { joined: before.joined }),
    version: known?.version ?? 0,
  };
  return { alert: fired, change: 'fired' };
}

/**
 * Whether its sender has judged the alert again since: sent twice by a client that saw no answer,
 * or late, or by hand. What was judged so long ago that an alert about it would have ended by time
 * begins none, or a document of last year would.
 */
export function isOutdated(
  known: Pick<Alert, 'external'> | undefined,
  { external: { judgedAt, endsAt, timeout } }: NormalizedAlert,
  now: number,
): boolean {
  const was = known?.external?.judgedAt;
  if (judgedAt === undefined) return false;
  const lasts = endsAt - now;
  return (was !== undefined && judgedAt < was) || (timeout === true && lasts > 0 && judgedAt + lasts <= now);
}

/**
 * From when on whatever was judged before `judgedAt` is outdated by its age alone: as long after as
 * the alert lasted unless resent.
 */
function outdatedFrom({ external: was, breachedAt }: Alert, judgedAt: number | undefined): number {
  if (was?.timeout !== true || judgedAt === undefined) return 0;
  return judgedAt + was.endsAt - breachedAt;
}

/**
 * Whether it resolved so long ago that only when it was judged is remembered: no incident knows it
 * again.
 */
export const isLongOver = ({ state, external, resolvedAt, evaluatedAt }: Alert, now: number): boolean =>
  external?.judgedAt !== undefined && state === 'resolved' && now - (resolvedAt ?? evaluatedAt) > maxRememberedMs;

/** The alert after all posts about it in one request, in order, and what they changed together. */
export function nextOfPosts(known: Alert | undefined, posts: readonly NormalizedAlert[], now: number): AlertStep {
  const unchanged: AlertStep = { alert: known, change: undefined };
  let alert = known;
  let change: AlertStep['change'];
  for (const post of posts) {
    const step = nextExternal(alert, post, now);
    if (step.change === undefined || step.alert === undefined) continue;
    alert = step.alert;
    if (change === undefined || step.change !== 'refreshed') change = step.change;
  }
  if (alert === undefined || change === undefined) return unchanged;
  const [was, is] = [known !== undefined && known.state !== 'resolved', alert.state !== 'resolved'];
  // One that fired and resolved within one request never fired for anybody, and the other way
  // round.
  if (!was && !is) return unchanged;
  const { external, severity, reason, labels } = alert;
  if (known !== undefined && was && is && external !== undefined)
    return goesOn(known, { external, severity, reason, labels }, now);
  return { alert, change };
}

/**
 * An alert that fires and is told of again. Labels for grouping stay as they were when it fired; of
 * one with more labels than are kept, others may be kept now.
 */
function goesOn(
  known: Alert,
  { external, severity, reason, labels }: Pick<NormalizedAlert, 'external' | 'severity' | 'reason' | 'labels'>,
  now: number,
): AlertStep {
  const { external: was } = known;
  const areKept = !hasLeftOut(labels) || labelsKey(labels) === labelsKey(known.labels);
  if (was !== undefined && severity === known.severity && reason === known.reason && areKept && isSame(was, external)) {
    return { alert: known, change: undefined };
  }
  const since = Math.min(known.since, external.startsAt);
  const kept = areKept ? known.labels : labels;
  const next: Alert = { ...known, external, severity, reason, labels: kept, since, breachedAt: now, evaluatedAt: now };
  if (severity === known.severity) return { alert: next, change: 'refreshed' };
  return { alert: next, change: severityRank[severity] > severityRank[known.severity] ? 'severity raised' : 'severity lowered' };
}

function isSame(one: External, other: External): boolean {
  const { cuts: a = [], ...was } = one;
  const { cuts: b = [], ...is } = other;
  for (const key of externalKeys) if (was[key] !== is[key]) return false;
  return (a.length === 0 && b.length === 0) || JSON.stringify(a) === JSON.stringify(b);
}

type External = NormalizedAlert['external'];
const externalKeys = ['startsAt', 'endsAt', 'timeout', 'judgedAt', 'title', 'runbook', 'owner', 'link', 'source'] as const;
true satisfies Exclude<keyof External, (typeof externalKeys)[number] | 'cuts'> extends never ? true : false;

/**
 * Whether a resend may stay in memory without a write: the stored end must be at least half as far
 * ahead as the new end, and not later. A sender that resends twice within its own lifetime is then
 * heard again in time, so a crash ends no live alert.
 */
export function lasts(stored: Alert, repeat: Alert): boolean {
  const [was, is, now] = [stored.external, repeat.external, repeat.evaluatedAt];
  if (was === undefined || is === undefined || stored.state !== 'firing') return false;
  return was.endsAt <= is.endsAt && 2 * (was.endsAt - now) >= is.endsAt - now;
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

/** Whether a resolved alert must still be remembered. */
export const remembersEnd = ({ external, evaluatedAt }: Alert): boolean =>
  external !== undefined && external.endsAt > evaluatedAt;
