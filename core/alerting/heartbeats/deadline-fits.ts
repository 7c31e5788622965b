import { formatUtc } from '../../vocabulary/format.ts';
import { cronFault, nextCronAt } from './cron-schedule.ts';
import { deadlineAfter, type Schedule } from './schedule.ts';

/** Any time will do, as long as the same config is always as good: the start of 2026, in UTC. */
const from = Date.UTC(2026, 0, 1);
/** More than a month of days, and more than a day of hours. */
const runsLookedAt = 40;

/**
 * Why a deadline does not fit its schedule; undefined if it does, or if the schedule itself is
 * wrong.
 */
export function deadlineFault({
  deadline,
  schedule,
  every,
  timezone,
}: Schedule & { deadline?: string | undefined }): string | undefined {
  if (deadline === undefined) return undefined;
  if (every !== undefined) return 'expected no deadline beside `every`, whose runs have no time of day; give a schedule instead';
  if (schedule === undefined || cronFault(schedule) !== undefined) return undefined;
  let due = nextCronAt(schedule, timezone, from);
  for (let run = 0; run < runsLookedAt && due !== undefined; run += 1) {
    const next = nextCronAt(schedule, timezone, due);
    const at = deadlineAfter(deadline, timezone, due);
    if (next !== undefined && at > next)
      return `expected a time between each run and the next one; the run of ${formatUtc(due)} would have to be done by ${formatUtc(at)}, and the next one is due at ${formatUtc(next)}`;
    due = next;
  }
  return undefined;
}
