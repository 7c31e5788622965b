import type { Clock } from '../../local/clock.ts';

/**
 * The job of the example that reports its runs, as the config names it: it works the features out
 * anew each night.
 */
export const nightlyJob = 'nightly-features';

/** What it says of one run. Times are milliseconds since the epoch. */
export type NightlyReport = { at: number; state: 'start' | 'progress' | 'success'; done?: number; total?: number; log?: string };

/** POSTs it to `/v1/heartbeats/nightly-features/STATE`. */
export type ReportNightly = (report: NightlyReport) => Promise<void>;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const startsAfterMs = 3 * hourMs;
const stepMs = 10 * minuteMs;
/** What it works out in a step. */
const aStep = 100;

/**
 * The run of one night, which begins at 3:00 and is longer after a day with more flights. `day`:
 * when that night's day began.
 */
export function nightlyRun(day: number, flights: number): NightlyReport[] {
  const at = (steps: number): number => day + startsAfterMs + steps * stepMs;
  const steps = Math.max(1, Math.ceil(flights / aStep));
  const between = Array.from({ length: steps - 1 }, (_, place): NightlyReport => {
    const done = (place + 1) * aStep;
    return { at: at(place + 1), state: 'progress', done, total: flights };
  });
  const log = `${flights} flights of the day before, features written`;
  return [{ at: at(0), state: 'start' }, ...between, { at: at(steps), state: 'success', log }];
}

/** Without flights, as after the story, there is little to do. */
export const quietNight = (day: number): NightlyReport[] => nightlyRun(day, 0);

/**
 * Goes on with it in real time once the story is over, so that nobody is paged about a job that
 * nobody runs any more. Returns what stops it.
 */
export function goOnNightly(clock: Clock, report: ReportNightly, failed: (error: unknown) => void): () => void {
  const dayOf = (at: number): number => Math.floor(at / dayMs) * dayMs;
  let until = clock.now();
  const timer = setInterval(() => {
    const [from, to] = [until, clock.now()];
    until = to;
    const due = [dayOf(from), dayOf(to)].flatMap(quietNight).filter(({ at }) => at > from && at <= to);
    const once = due.filter((one, place) => due.findIndex(({ at }) => at === one.at) === place);
    void once.reduce((before, one) => before.then(() => report(one)), Promise.resolve()).catch(failed);
  }, minuteMs / 2);
  timer.unref();
  return () => clearInterval(timer);
}
