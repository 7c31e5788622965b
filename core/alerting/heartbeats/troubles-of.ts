import { oneLine } from '../../vocabulary/printable.ts';
import { credentialIn } from '../../vocabulary/shown.ts';
import { cut } from '../../vocabulary/text.ts';
import { forecastOf } from './forecast.ts';
import { beganAt, type Heartbeat, isOpen, type Run } from './heartbeat.ts';
import type { HeartbeatConfig } from './heartbeat-schema.ts';
import { deadlineAfter, dueAfter, dueNext, earlyMs } from './schedule.ts';
import type { HeartbeatTrouble, HeartbeatTroubleKind } from './trouble.ts';

export type HeartbeatMoment = {
  now: number;
  /** Since when reports are heard without a break: what was sent before may have been lost. */
  listensSince?: number | undefined;
  /** What was wrong at the last look. */
  was?: ReadonlySet<HeartbeatTroubleKind>;
};

/**
 * Of the time between begin and deadline: a forecast that is better by less does not end a warning.
 */
const marginOfForecast = 0.05;
const maxLine = 200;

/** Everything that is wrong with a heartbeat now. */
export function troublesOf(config: HeartbeatConfig, heartbeat: Heartbeat, moment: HeartbeatMoment): HeartbeatTrouble[] {
  return [
    lateness(config, heartbeat, moment),
    failure(heartbeat),
    missedSuccess(config, heartbeat, moment),
    ...heartbeat.runs.filter(isOpen).flatMap((run) => [overlong(config, run, moment), stuckness(config, run, moment)]),
    deadlineTrouble(config, heartbeat, moment),
  ].filter((trouble) => trouble !== undefined);
}

/** No run has begun that was due `grace` ago. */
function lateness(config: HeartbeatConfig, heartbeat: Heartbeat, moment: HeartbeatMoment): HeartbeatTrouble | undefined {
  const dueAt = dueAfter(config, heartbeat.beganAt, heartbeat.since);
  if (dueAt === undefined) return undefined;
  const { since, ...deaf } = missedAt(config, dueAt, dueAt + config.grace, moment);
  if (moment.now < since) return undefined;
  const lastAt = lastReportAt(heartbeat);
  const lacks = lastAt === undefined ? 'any report' : reportsStarts(heartbeat) ? 'a start' : 'a success';
  return { kind: 'late', since, dueAt, lacks, ...(lastAt === undefined ? {} : { lastAt }), ...deaf };
}

/**
 * When the report of a run that is due at `dueAt` and is expected until `at` is missed. What it
 * sent while nobody listened may come again, for as long as `grace`.
 */
function missedAt(
  { grace }: HeartbeatConfig,
  dueAt: number,
  at: number,
  { listensSince = 0, now }: HeartbeatMoment,
): { since: number; deafUntil?: number } {
  const deafUntil = Math.min(listensSince, now);
  return dueAt - earlyMs < deafUntil ? { since: Math.max(at, deafUntil + grace), deafUntil } : { since: at };
}

/** What ended as lost did so when another run reported. */
function lastReportAt({ runs, beganAt: began }: Heartbeat): number | undefined {
  if (began === undefined) return undefined;
  return Math.max(began, ...runs.map(({ startedAt, progress, endedAt }) => endedAt ?? progress?.at ?? startedAt ?? began));
}

const reportsStarts = ({ runs }: Heartbeat): boolean => runs.some(({ startedAt }) => startedAt !== undefined);

/** The newest run that ended has failed. */
function failure({ runs, backAt = Number.NEGATIVE_INFINITY }: Heartbeat): HeartbeatTrouble | undefined {
  const ended = runs
    .filter(({ outcome, endedAt = 0 }) => (outcome === 'success' || outcome === 'fail') && endedAt >= backAt)
    .reduce<Run | undefined>((last, run) => ((run.endedAt ?? 0) >= (last?.endedAt ?? 0) ? run : last), undefined);
  if (ended?.outcome !== 'fail') return undefined;
  const { endedAt: since = 0, exitCode, log } = ended;
  const lastLine = log === undefined ? undefined : lastLineOf(log);
  return {
    ...{ kind: 'failed', since },
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(lastLine === undefined ? {} : { lastLine }),
  };
}

/** For a page, which may go to a phone of somebody else: nothing that looks like a credential. */
function lastLineOf(log: string): string | undefined {
  const trimmed = log.trimEnd();
  const last = trimmed.slice(trimmed.lastIndexOf('\n') + 1, trimmed.length);
  // With some more than is shown, so that a credential is not cut out of what it is known by.
  const line = oneLine(last.slice(0, maxLine + 500)).trim();
  return line === '' || credentialIn(line) !== undefined ? undefined : cut(line, maxLine);
}

/** A run began, and none has succeeded though the next one was due `grace` ago. */
function missedSuccess(config: HeartbeatConfig, heartbeat: Heartbeat, moment: HeartbeatMoment): HeartbeatTrouble | undefined {
  const { succeeded, since, beganAt: began } = heartbeat;
  const dueAt = dueAfter(config, succeeded?.beganAt, since);
  if (dueAt === undefined || began === undefined || began < dueAt - earlyMs) return undefined;
  const nextDueAt = dueNext(config, dueAt);
  if (nextDueAt === undefined) return undefined;
  const { since: missedSince, ...deaf } = missedAt(config, dueAt, nextDueAt + config.grace, moment);
  return moment.now < missedSince ? undefined : { kind: 'not done', since: missedSince, dueAt, nextDueAt, ...deaf };
}

function overlong({ maxDuration }: HeartbeatConfig, { startedAt }: Run, { now }: HeartbeatMoment): HeartbeatTrouble | undefined {
  if (maxDuration === undefined || startedAt === undefined || now - startedAt <= maxDuration) return undefined;
  return { kind: 'too long', since: startedAt + maxDuration, startedAt, maxMs: maxDuration };
}

function stuckness({ stuckAfter }: HeartbeatConfig, { progress }: Run, { now }: HeartbeatMoment): HeartbeatTrouble | undefined {
  if (stuckAfter === undefined || progress === undefined || now - progress.movedAt <= stuckAfter) return undefined;
  return { kind: 'stuck', since: progress.movedAt + stuckAfter, done: progress.done, movedAt: progress.movedAt };
}

/** The deadline of the first run that is due and has not succeeded. */
export function deadlineOwed(
  config: HeartbeatConfig,
  { succeeded, since }: Heartbeat,
): { dueAt: number; at: number } | undefined {
  if (config.deadline === undefined) return undefined;
  const dueAt = dueAfter(config, succeeded?.beganAt, since);
  return dueAt === undefined ? undefined : { dueAt, at: deadlineAfter(config.deadline, config.timezone, dueAt) };
}

/** The newest run that is under way and may be the one that is due. */
export const runUnderWay = ({ runs }: Heartbeat, dueAt: number): Run | undefined =>
  runs.findLast((run) => isOpen(run) && beganAt(run) >= dueAt - earlyMs);

function deadlineTrouble(config: HeartbeatConfig, heartbeat: Heartbeat, moment: HeartbeatMoment): HeartbeatTrouble | undefined {
  const { now, was } = moment;
  const dueAt = config.deadline === undefined ? undefined : dueAfter(config, heartbeat.succeeded?.beganAt, heartbeat.since);
  // Nearly all looks end here, and calendars are slow.
  if (config.deadline === undefined || dueAt === undefined || now < dueAt) return undefined;
  const deadlineAt = deadlineAfter(config.deadline, config.timezone, dueAt);
  const run = runUnderWay(heartbeat, dueAt);
  if (now >= deadlineAt) {
    const { since, ...deaf } = missedAt(config, dueAt, deadlineAt, moment);
    if (now < since) return undefined;
    const [startedAt, done] = [run?.startedAt, run?.progress?.done];
    return {
      ...{ kind: 'deadline passed', since, deadlineAt },
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(done === undefined ? {} : { done }),
      ...deaf,
    };
  }
  // It may begin until then, and is late afterwards.
  if (run === undefined && now < dueAt + config.grace) return undefined;
  const forecast = forecastOf(heartbeat, run, now);
  if (forecast === undefined) return undefined;
  const margin = was?.has('deadline at risk') === true ? marginOfForecast * (deadlineAt - (run?.startedAt ?? dueAt)) : 0;
  return forecast.endsAt > deadlineAt - margin ? { kind: 'deadline at risk', since: now, deadlineAt, forecast } : undefined;
}
