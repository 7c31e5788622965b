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
  const run = after ?? newRun(report);
  const runs = place !== undefined && after !== undefined ? heartbeat.runs.with(place, run) : [...heartbeat.runs, run];
  return withRuns(
    heartbeat,
    runs.map((other) => (other === run ? run : lostTo(other, run, report))),
    run,
  );
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
  const mayGoOn = isNamed || run.outcome === 'lost';
  switch (state) {
    case 'start':
      // A run that succeeded does not begin again; one that failed is tried again under the same
      // name.
      return isNamed && run.outcome === 'success' ? run : undefined;
    case 'progress':
      if (!mayGoOn) return undefined;
      return run.outcome === 'lost' ? withProgress(foundAgain(run), report) : run;
    case 'success':
    case 'fail': {
      const isSame = run.outcome === state && (isNamed || at - (run.endedAt ?? 0) < repeatMs);
      if (isSame) return run;
      return mayGoOn ? { ...run, ...endOf(report) } : undefined;
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

/** It was slow, and goes on. */
const foundAgain = ({ endedAt: _endedAt, outcome: _outcome, ...run }: Run): Run => run;

/**
 * Who is killed reports no end. Without names one run follows the other, so a start ends what is
 * still open. With names runs may overlap, so only a success of a later run does; what has ended as
 * lost may still report, and then counts.
 */
function lostTo(other: Run, run: Run, { at, state, run: name }: HeartbeatReport): Run {
  if (!isOpen(other)) return other;
  const isFollowed = state === 'start' && name === undefined && other.id === undefined;
  const isOutrun = run.outcome === 'success' && beganAt(other) < beganAt(run);
  return isFollowed || isOutrun ? { ...other, endedAt: at, outcome: 'lost' } : other;
}

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
