import { durationOf, type Heartbeat, type Run } from './heartbeat.ts';
import type { Forecast } from './trouble.ts';

/**
 * The rate of a run is known once this much is done. Earlier, a few slow seconds would count as a
 * slow night.
 */
const leastDone = 0.1;
/**
 * The newest runs that succeeded, how many of them say something, and the share that took at most
 * what is predicted.
 */
const mostRuns = 20;
const leastRuns = 5;
const quantile = 0.9;

/**
 * When a run will have ended: at the rate at which it went so far, or as long after its begin as 90
 * % of earlier runs took. `run` undefined: it has not begun, and cannot before `now`. Undefined:
 * nothing to go by.
 */
export function forecastOf(heartbeat: Heartbeat, run: Run | undefined, now: number): Forecast | undefined {
  const startedAt = run?.startedAt;
  return (startedAt === undefined ? undefined : byProgress(run, startedAt, now)) ?? byEarlierRuns(heartbeat, startedAt, now);
}

function byProgress(run: Run | undefined, startedAt: number, now: number): Forecast | undefined {
  if (run?.progress === undefined) return undefined;
  const { done, movedAt } = run.progress;
  const took = movedAt - startedAt;
  if (done < leastDone || took <= 0) return undefined;
  const endsAt = startedAt + took / done;
  // It has not ended yet, whatever its last report promised.
  return { endsAt: Math.max(now, Math.round(endsAt)), from: { by: 'progress', done, startedAt } };
}

function byEarlierRuns({ runs }: Heartbeat, startedAt: number | undefined, now: number): Forecast | undefined {
  const took = runs
    .filter(({ outcome }) => outcome === 'success')
    .flatMap((run) => durationOf(run) ?? [])
    .slice(-mostRuns)
    .sort((a, b) => a - b);
  if (took.length < leastRuns) return undefined;
  const tookMs = took[Math.ceil(quantile * took.length) - 1] as number;
  return {
    endsAt: Math.max(now, (startedAt ?? now) + tookMs),
    from: { by: 'earlier runs', runs: took.length, tookMs, ...(startedAt === undefined ? {} : { startedAt }) },
  };
}
