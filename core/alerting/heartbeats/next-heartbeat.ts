import { beganAt, type Heartbeat, type HeartbeatReport, isOpen, mostRuns, type Run } from './heartbeat.ts';

/** An equal report without a run's name within this time is the same one, sent again. */
const repeatMs = 10_000;
/** Logs are kept of so many runs. */
const mostLogs = 3;

/** The heartbeat after a report; the same object if the report says nothing new. */
export function nextHeartbeat(heartbeat: Heartbeat, report: HeartbeatReport): Heartbeat {
  const place = placeOf(heartbeat.runs, report);
  const before = place === undefined ? undefined : heartbeat.runs[place];
  const after = before === undefined ? undefined : nextRun(before, report);
  if (before !== undefined && after === before) return heartbeat;
  if (place !== undefined && after !== undefined) return withRuns(heartbeat, heartbeat.runs.with(place, after), after);
  const run = newRun(report);
  const earlier = report.run === undefined ? heartbeat.runs.map((one) => lostTo(one, report)) : heartbeat.runs;
  return withRuns(heartbeat, [...earlier, run], run);
}

/** Where the run is that a report is about: the newest of that name, or the newest without one. */
function placeOf(runs: readonly Run[], { run }: HeartbeatReport): number | undefined {
  const place = runs.findLastIndex(({ id }) => id === run);
  return place < 0 ? undefined : place;
}

/** The run after a report about it; undefined if the report is about another run. */
function nextRun(run: Run, report: HeartbeatReport): Run | undefined {
  return isOpen(run) ? ofOpen(run, report) : ofEnded(run, report);
}

function ofOpen(run: Run, report: HeartbeatReport): Run | undefined {
  const { state, at } = report;
  switch (state) {
    case 'start': {
      const isRepeat = run.id !== undefined || (run.progress === undefined && at - beganAt(run) < repeatMs);
      return isRepeat ? run : undefined;
    }
    case 'progress':
      return withProgress(run, report);
    case 'success':
    case 'fail':
      return { ...run, ...endOf(report) };
  }
}

function ofEnded(run: Run, report: HeartbeatReport): Run | undefined {
  const { state, at } = report;
  const isNamed = run.id !== undefined;
  switch (state) {
    case 'start':
      // A run that succeeded does not begin again; one that failed is tried again under the same name.
      return isNamed && run.outcome === 'success' ? run : undefined;
    case 'progress':
      return isNamed ? run : undefined;
    case 'success':
    case 'fail': {
      const isSame = run.outcome === state && (isNamed || at - (run.endedAt ?? 0) < repeatMs);
      if (isSame) return run;
      return isNamed ? { ...run, ...endOf(report) } : undefined;
    }
  }
}

function newRun(report: HeartbeatReport): Run {
  const { state, at, run } = report;
  const named: Run = run === undefined ? {} : { id: run };
  switch (state) {
    case 'start':
      return { ...named, startedAt: at };
    case 'progress':
      return withProgress({ ...named, startedAt: at }, report);
    case 'success':
    case 'fail':
      return { ...named, ...endOf(report) };
  }
}

function withProgress(run: Run, { at, done }: HeartbeatReport): Run {
  const was = run.progress;
  if (done === undefined) return { ...run, progress: { done: was?.done ?? 0, at, movedAt: at } };
  const hasMoved = was === undefined || done > was.done;
  // What goes back is a new count, and says no more about how fast it goes.
  return { ...run, progress: { done, at, movedAt: hasMoved ? at : was.movedAt } };
}

const endOf = ({ state, at, exitCode, log }: HeartbeatReport): Pick<Run, 'endedAt' | 'outcome' | 'exitCode' | 'log'> => ({
  endedAt: at,
  outcome: state === 'success' ? 'success' : 'fail',
  ...(exitCode === undefined ? {} : { exitCode }),
  ...(log === undefined ? {} : { log }),
});

/** Without names one run follows the other: one that is still open will not report any more. */
const lostTo = (run: Run, { at, state }: HeartbeatReport): Run =>
  state === 'start' && run.id === undefined && isOpen(run) ? { ...run, endedAt: at, outcome: 'lost' } : run;

function withRuns(heartbeat: Heartbeat, runs: readonly Run[], changed: Run): Heartbeat {
  const began = beganAt(changed);
  const { succeeded } = heartbeat;
  const isNewer = changed.outcome === 'success' && (succeeded === undefined || began >= succeeded.beganAt);
  return {
    ...heartbeat,
    beganAt: Math.max(heartbeat.beganAt ?? began, began),
    ...(isNewer ? { succeeded: { beganAt: began, endedAt: changed.endedAt ?? began } } : {}),
    runs: withFewLogs(runs.slice(-mostRuns)),
  };
}

/** A log has up to 10 kB, and a record is read at each look. */
function withFewLogs(runs: readonly Run[]): Run[] {
  let room = mostLogs;
  return runs
    .toReversed()
    .map((run) => {
      if (run.log === undefined || room-- > 0) return run;
      const { log: _, ...rest } = run;
      return rest;
    })
    .toReversed();
}
