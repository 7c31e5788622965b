import type { Settings } from '../../config/settings-schema.ts';
import type { TimelineEntry } from '../../response/incidents/timeline.ts';
import { formatDuration } from '../../vocabulary/units.ts';
import { behindAfterMs } from '../vitals/behind.ts';

type Configured = NonNullable<Settings['syntheticIncident']>;

export type SyntheticOutcome =
  /** Its page was delivered `tookMs` after its sample was accepted. */
  | { kind: 'paged'; at: number; tookMs: number }
  /** Its page was not delivered in time: `waitedMs` since its sample was accepted, and why. */
  | { kind: 'missed'; at: number; waitedMs: number; why: string };

/** One synthetic incident; times in milliseconds since the epoch. */
export type SyntheticRun = {
  /** When its sample was accepted. */
  startedAt: number;
  /** Absent while it is running. */
  outcome?: SyntheticOutcome;
};

/** A clock that was set back must not delay the next one for hours. */
const aheadMs = 60_000;
/** Checks run each minute, so half a minute early is on time. */
const earlyMs = 30_000;

/** Whether to start the next one. Only one runs at a time. */
export function isSyntheticDue(run: SyntheticRun | undefined, { every }: Configured, now: number): boolean {
  if (run === undefined || run.startedAt - now > aheadMs) return true;
  return run.outcome !== undefined && now - run.startedAt >= every - earlyMs;
}

/**
 * The outcome of the running one, from its incident's timeline (empty if none); undefined while its
 * page may still arrive. `held`: why its page is waiting, if it is.
 */
export function syntheticOutcome(
  { startedAt }: SyntheticRun,
  { within }: Configured,
  { timeline, held }: { timeline: readonly TimelineEntry[]; held?: string | undefined },
  now: number,
): SyntheticOutcome | undefined {
  const delivered = timeline.find(({ kind }) => kind === 'page delivered');
  if (delivered !== undefined) return { kind: 'paged', at: delivered.at, tookMs: Math.max(0, delivered.at - startedAt) };
  if (now - startedAt <= within) return undefined;
  return { kind: 'missed', at: now, waitedMs: now - startedAt, why: whyMissed(timeline, held) };
}

function whyMissed(timeline: readonly TimelineEntry[], held: string | undefined): string {
  if (timeline.length === 0) return 'its sample has opened no incident; are the rules being judged?';
  const failed = timeline.findLast(({ kind }) => kind === 'page failed' || kind === 'page held');
  if (failed !== undefined) return failed.text;
  return held === undefined ? 'its page has been decided, and nobody has tried to deliver it' : `its page is waiting: ${held}`;
}

/** Whether it arrived in time. */
export const isWell = (outcome: SyntheticOutcome, { within }: Configured): boolean =>
  outcome.kind === 'paged' && outcome.tookMs <= within;

/**
 * Its time to page, as a metric. If it did not arrive: the time waited so far, which exceeds the
 * bound.
 */
export const timeToPage = (outcome: SyntheticOutcome): number => (outcome.kind === 'paged' ? outcome.tookMs : outcome.waitedMs);

export type SyntheticState = 'under way' | 'arrived' | 'late' | 'missed' | 'overdue';

/**
 * The state of the last one; `overdue` if it should have finished, or the next should have started.
 */
export function syntheticState({ startedAt, outcome }: SyntheticRun, configured: Configured, now: number): SyntheticState {
  const { every, within } = configured;
  const age = now - startedAt;
  if (outcome === undefined) return age > within + behindAfterMs ? 'overdue' : 'under way';
  if (outcome.kind === 'missed') return 'missed';
  if (outcome.tookMs > within) return 'late';
  return age > every + behindAfterMs ? 'overdue' : 'arrived';
}

/** Why it is not healthy, for people; undefined if healthy or unknown yet. Names no receiver. */
export function syntheticReason(run: SyntheticRun, configured: Configured, now: number): string | undefined {
  const within = formatDuration(configured.within);
  const seconds = (ms: number): string => `${Math.round(ms / 1000)}s`;
  switch (syntheticState(run, configured, now)) {
    case 'under way':
    case 'arrived':
      return undefined;
    case 'missed':
      return `the page of the last synthetic incident did not arrive within ${within}`;
    case 'late':
      return `the page of the last synthetic incident took ${seconds(timeToPage(run.outcome as SyntheticOutcome))}, more than ${within}`;
    case 'overdue':
      return `the last synthetic incident began ${seconds(now - run.startedAt)} ago, and its page has not been checked since: the sweep may have stopped`;
  }
}
