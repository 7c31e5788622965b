import { type FlappingWindow, maxFlappingWithinMs } from '../../detection/rules/flapping-schema.ts';
import { counted } from '../../vocabulary/counted.ts';
import { pagedAs, severityRank } from '../../vocabulary/severity.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { calls } from '../incidents/info-only.ts';
import type { Joining } from '../incidents/join.ts';
import type { StateChange, StateChangeKind } from './state-change.ts';

/** An incident remembers at most this many, for at most this long. */
const maxChanges = 40;
const maxAgeMs = maxFlappingWithinMs;

/**
 * What a change of an alert counts as; undefined for one that only became muted, or that pages
 * nobody.
 */
export function stateChangeOf({ after, was }: Joining, at: number): StateChange | undefined {
  const [wasUp, isUp] = [was?.state === 'firing' && was.severity !== 'info', calls(after)];
  const of = (kind: StateChangeKind): StateChange => ({
    at,
    kind,
    fingerprint: after.fingerprint,
    severity: pagedAs(after.severity),
  });
  if (was !== undefined && wasUp && isUp) {
    const rise = severityRank[after.severity] - severityRank[was.severity];
    return rise === 0 ? undefined : of(rise > 0 ? 'raised' : 'lowered');
  }
  if (isUp) return was?.state === 'muted' ? undefined : of('fired');
  return wasUp && after.state === 'resolved' ? of('resolved') : undefined;
}

/**
 * What is remembered once these have happened, too. If that is too much, moments with many changes
 * lose some first, down to one: alerts that move together count once, and neither they nor a storm
 * push out what came before. Of each moment the same alerts stay, so that what they do again shows.
 */
export function withChanges(known: readonly StateChange[], news: readonly StateChange[], now: number): StateChange[] {
  const moments = [
    ...Map.groupBy(
      [...known, ...news].filter(({ at }) => at > now - maxAgeMs),
      momentOf,
    ).values(),
  ].slice(-maxChanges);
  let most = maxChanges;
  const kept = (): number => moments.reduce((sum, { length }) => sum + Math.min(length, most), 0);
  while (kept() > maxChanges) most -= 1;
  return moments.flatMap((changes) => (changes.length <= most ? changes : changes.toSorted(byAlert).slice(0, most)));
}

const byAlert = (a: StateChange, b: StateChange): number =>
  a.fingerprint < b.fingerprint ? -1 : Number(a.fingerprint > b.fingerprint);

/**
 * How often alerts did again what they had done before: moments, for what changes together counts
 * once.
 */
export function timesAgain(changes: readonly StateChange[], { within }: Pick<FlappingWindow, 'within'>, now: number): number {
  return new Set(againIn(recent(changes, within, now)).map(momentOf)).size;
}

const recent = (changes: readonly StateChange[], within: number, now: number): StateChange[] =>
  changes.filter(({ at }) => at > now - within);
const momentOf = ({ at, kind }: StateChange): string => `${at} ${kind}`;
const whatOf = ({ fingerprint, kind }: StateChange): string => `${kind} ${fingerprint}`;

function againIn(changes: readonly StateChange[]): StateChange[] {
  const before = new Set<string>();
  return changes.filter((change) => {
    const isAgain = before.has(whatOf(change));
    before.add(whatOf(change));
    return isAgain;
  });
}

/** `fired 4 times in 36m`; `fired 3 times and became critical 5 times in 40m`. */
export function changesText(changes: readonly StateChange[], { within }: Pick<FlappingWindow, 'within'>, now: number): string {
  const all = recent(changes, within, now);
  const repeated = new Set(againIn(all).map(whatOf));
  const times = all.filter((change) => repeated.has(whatOf(change)));
  const momentsOf = (kind: StateChangeKind): number => new Set(times.filter((one) => one.kind === kind).map(momentOf)).size;
  const [fired, raised] = [momentsOf('fired'), momentsOf('raised')];
  const parts = [
    ...(fired > 0 ? [`fired ${counted(fired, 'time')}`] : []),
    ...(raised > 0 ? [`became critical ${counted(raised, 'time')}`] : []),
  ];
  const what = parts.length === 0 ? `changed ${counted(new Set(times.map(momentOf)).size, 'time')}` : parts.join(' and ');
  return `${what} in ${formatDuration(inMinutes(now - (times[0]?.at ?? now)))}`;
}

const inMinutes = (ms: number): number => Math.max(60_000, Math.round(ms / 60_000) * 60_000);
