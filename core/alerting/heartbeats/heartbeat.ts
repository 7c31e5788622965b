/** What a job may report about one of its runs. */
export const heartbeatStates = ['start', 'progress', 'success', 'fail'] as const;
export type HeartbeatState = (typeof heartbeatStates)[number];

/** What a job reports. `at` is the time at which it came. */
export type HeartbeatReport = {
  state: HeartbeatState;
  at: number;
  /** Tells runs apart that overlap. */
  run?: string | undefined;
  /** How much of the run is done, from 0 to 1. */
  done?: number | undefined;
  exitCode?: number | undefined;
  /** The end of what the job printed. */
  log?: string | undefined;
};

/** How a run ended. `lost`: a later one began or succeeded, and this one never reported an end. */
export const runOutcomes = ['success', 'fail', 'lost'] as const;
export type RunOutcome = (typeof runOutcomes)[number];

export type Run = {
  /** As the job calls it. */
  id?: string;
  /** Absent if the job reported an end alone. */
  startedAt?: number;
  /** How much is done, when it was reported last, and when it last became more. */
  progress?: { done: number; at: number; movedAt: number };
  endedAt?: number;
  outcome?: RunOutcome;
  exitCode?: number;
  log?: string;
};

/** What is stored of a heartbeat: one record a name. */
export type Heartbeat = {
  name: string;
  /** When runs are due, as the config says it; another schedule is expected anew. */
  schedule: string;
  /** Since when it is expected. */
  since: number;
  /** The config has had none of this name since then. */
  goneAt?: number;
  /** When it came back into the config: how a run ended before says nothing about it. */
  backAt?: number;
  /** When the newest run began, and the newest that succeeded. */
  beganAt?: number;
  succeeded?: { beganAt: number; endedAt: number };
  /** The newest runs, in the order in which they were heard of first. */
  runs: Run[];
  version: number;
};

export const mostRuns = 50;

/**
 * The heartbeat as it is expected by this schedule: from now on, if it is new, its schedule has
 * changed, or the config had none of its name for a while.
 */
export function expectedBy(known: Heartbeat | undefined, name: string, schedule: string, now: number): Heartbeat {
  if (known === undefined) return { name, schedule, since: now, runs: [], version: 0 };
  if (known.goneAt !== undefined) {
    const { goneAt: _, ...back } = known;
    const runs = known.runs.map((run): Run => (isOpen(run) ? { ...run, endedAt: now, outcome: 'lost' } : run));
    return { ...back, runs, schedule, since: now, backAt: now };
  }
  return known.schedule === schedule ? known : { ...known, schedule, since: now };
}

export const isOpen = (run: Run): boolean => run.outcome === undefined;

/** When a run began, as far as is known. */
export const beganAt = ({ startedAt, endedAt }: Run): number => startedAt ?? endedAt ?? 0;

/** How long a run took; undefined if that is not known. */
export const durationOf = ({ startedAt, endedAt }: Run): number | undefined =>
  startedAt === undefined || endedAt === undefined ? undefined : Math.max(0, endedAt - startedAt);
