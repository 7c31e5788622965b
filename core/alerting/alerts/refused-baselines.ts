import { leastPatience, warmUpOf } from '../../detection/learning.ts';
import { fingerprint } from '../../vocabulary/fingerprint.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import type { Alert } from './alert.ts';
import type { AlertStep, AlertSubject } from './alert-step.ts';
import { groupOf, maxClockStep } from './next-alert.ts';

/** One series of a rule whose baseline is refused now; or `undecided`, where nothing tells whether it would be. */
export type SeriesBaseline = { key: string; series: string } & (
  | { refused: string /** The points that it would need belong to earlier alerts. */; byAlerts?: true }
  | { undecided: true }
);

/** Series that an alert remembers by name; it is one record, and what is true of fifty is a fault of the rule. */
export const mostRefusals = 50;
const maxReason = 300;

/**
 * The alert about a rule whose baseline stays refused, one for all its series: until it fires, that is `refusedFor` after the first of
 * them was, nobody would know that the rule judges nothing. Each series counts from its own first refusal, so new ones that are
 * warming up raise nothing, however many come one after the other. It is written only where the set of series changes.
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
  // A series that has had a baseline is not warming up.
  const limitOf = (key: string): number =>
    refusedFor ?? (now.get(key)?.byAlerts === true ? leastPatience(step) : warmUpOf(subject.rule));
  const wasFiring = before?.state === 'firing';
  // What is undecided keeps an alert that fires, and raises none.
  const long = Object.entries(refusals).filter(([key, { since }]) => at - since >= limitOf(key) && (wasFiring || now.has(key)));
  const state = long.length > 0 ? 'firing' : 'pending';
  const same = before !== undefined && before.state === state && sameKeys(before.refusals ?? {}, refusals);
  if (same) return { alert: known, change: undefined };
  const since = Math.min(...all.map((one) => one.since));
  const alert: Alert = {
    fingerprint: fingerprint(`${subject.ruleId}#baseline`, subject.labels),
    ruleId: subject.ruleId,
    labels: subject.labels,
    category: subject.category,
    ...groupOf(subject.labels, subject.groupBy),
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

/** Those that were refused before keep their times; of more than are remembered, the oldest stay. */
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
  if (first === undefined) return 'a baseline is refused';
  const since = `since ${new Date(first.since).toISOString().slice(0, 16).replace('T', ' ')} UTC (${formatDuration(at - first.since)})`;
  const which = first.series === '' ? '' : ` of ${first.series}`;
  const more = of === 1 ? '' : `; with it ${of - 1} more series${of >= mostRefusals ? ' or more' : ''}`;
  return `judges nothing${which} ${since}: ${first.reason}${more}`;
}
