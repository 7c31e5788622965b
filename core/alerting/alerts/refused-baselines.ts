import { leastPatience, warmUpOf } from '../../detection/learning.ts';
import { fingerprint } from '../../vocabulary/fingerprint.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { Alert } from './alert.ts';
import type { AlertStep, AlertSubject } from './alert-step.ts';
import { groupOf } from './group.ts';
import { maxClockStep } from './next-alert.ts';

/** A series without a baseline now, or `undecided` if nobody can tell. */
export type SeriesBaseline = { key: string; series: string } & (
  | { refused: string /** The points it would need belong to earlier alerts. */; byAlerts?: true }
  | { undecided: true }
);

/**
 * The most series an alert lists by name: it is one record, and fifty affected series mean the rule
 * is at fault.
 */
export const mostRefusals = 50;
const maxReason = 300;

/**
 * One alert per rule for all its series without a baseline. It fires `refusedFor` after the first
 * refusal of a series; without it nobody would notice that the rule judges nothing. Each series
 * counts from its own first refusal, so a stream of new, warming-up series raises nothing. Written
 * only when the set of series changes.
 */
export function nextRefusal(
  known: Alert | undefined,
  found: readonly SeriesBaseline[],
  subject: AlertSubject,
  at: number,
): AlertStep {
  if (known !== undefined && at <= known.evaluatedAt && at > known.evaluatedAt - maxClockStep)
    return { alert: known, change: undefined };
  const before = known?.state === 'resolved' ? undefined : known;
  const refusals = refusalsOf(before?.refusals ?? {}, found, at);
  const all = Object.values(refusals);
  if (all.length === 0) {
    if (before === undefined) return { alert: known, change: undefined };
    const reason = 'every baseline of the rule is usable again';
    return {
      alert: { ...before, state: 'resolved', reason, evaluatedAt: at, resolvedAt: at, refusals: {} },
      change: before.state === 'pending' ? 'no longer pending' : 'resolved',
    };
  }
  const { refusedFor, step } = subject.rule;
  const now = new Map(found.flatMap((one) => ('refused' in one ? [[one.key, one] as const] : [])));
  // A series that had a baseline before is not warming up.
  const limitOf = (key: string): number =>
    refusedFor ?? (now.get(key)?.byAlerts === true ? leastPatience(step) : warmUpOf(subject.rule));
  const wasFiring = before?.state === 'firing';
  // Undecided series keep a firing alert and raise none.
  const long = Object.entries(refusals).filter(([key, { since }]) => at - since >= limitOf(key) && (wasFiring || now.has(key)));
  const state = long.length > 0 ? 'firing' : 'pending';
  const same = before !== undefined && before.state === state && sameKeys(before.refusals ?? {}, refusals);
  if (same) return { alert: known, change: undefined };
  const since = Math.min(...all.map((one) => one.since));
  const id = fingerprint(`${subject.ruleId}#baseline`, subject.labels);
  const alert: Alert = {
    fingerprint: id,
    ruleId: subject.ruleId,
    labels: subject.labels,
    category: subject.category,
    ...groupOf({ labels: subject.labels, fingerprint: id }, subject.groupBy),
    state,
    severity: 'warn',
    since,
    ...(state === 'firing' ? { firedAt: wasFiring ? before.firedAt : at } : {}),
    breachedAt: at,
    evaluatedAt: at,
    reason: reasonOf(state === 'firing' ? long.map(([, one]) => one) : all, all.length, at),
    excluded: [],
    ...(known?.joined === undefined ? {} : { joined: known.joined }),
    aboutRule: true,
    refusals,
    version: known?.version ?? 0,
  };
  const change = state === 'firing' ? (wasFiring ? 'other series' : 'fired') : wasFiring ? 'resolved' : 'pending';
  return { alert, change };
}

type Refusals = NonNullable<Alert['refusals']>;

/** Known refusals keep their times. If there are too many, the oldest stay. */
function refusalsOf(before: Refusals, found: readonly SeriesBaseline[], at: number): Refusals {
  const kept: [string, Refusals[string]][] = [];
  for (const one of found) {
    const known = Object.hasOwn(before, one.key) ? before[one.key] : undefined;
    if ('refused' in one) {
      const since = Math.min(known?.since ?? at, at);
      kept.push([
        one.key,
        { since, series: one.series.slice(0, maxReason), reason: one.refused.slice(0, maxReason).toWellFormed() },
      ]);
    } else if (known !== undefined) kept.push([one.key, known]);
  }
  return Object.fromEntries(kept.sort(([a, x], [b, y]) => x.since - y.since || (a < b ? -1 : 1)).slice(0, mostRefusals));
}

const sameKeys = (a: Refusals, b: Refusals): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.keys(b).every((key) => Object.hasOwn(a, key));

function reasonOf(long: readonly Refusals[string][], of: number, at: number): string {
  const [first] = long.toSorted((a, b) => a.since - b.since);
  if (first === undefined) return 'no usable baseline';
  const since = `since ${new Date(first.since).toISOString().slice(0, 16).replace('T', ' ')} UTC (${formatDuration(at - first.since)})`;
  const which = first.series === '' ? '' : ` of ${first.series}`;
  const more = of === 1 ? '' : `; also ${of - 1} more series${of >= mostRefusals ? ' or more' : ''}`;
  return `judges nothing${which} ${since}: ${first.reason}${more}`;
}
