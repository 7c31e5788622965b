import { Cron } from 'croner';
import { Temporal } from 'temporal-polyfill';
import { startAt } from '../../vocabulary/local-time.ts';
import { type WallTime, wallTime, whenWallShows } from '../../vocabulary/wall-clock.ts';

/** Five fields as in a crontab, or a name such as `@daily`. */
const fiveFields = /^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|\S+( +\S+){4})$/i;

const parsed = new Map<string, Cron>();
/** More than any config has. */
const maxParsed = 5000;

/** Why a cron expression cannot be used; undefined if it can. */
export function cronFault(text: string): string | undefined {
  if (!fiveFields.test(text)) return 'it has not the five fields minute, hour, day of month, month and weekday';
  try {
    return cronOf(text).nextRun(new Date(0)) === null ? 'no day is ever like that' : undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
  }
}

/** Read as if all clocks showed UTC: daylight saving is a matter of `wall-clock.ts`. */
function cronOf(text: string): Cron {
  const cron = parsed.get(text) ?? new Cron(text, { mode: text.startsWith('@') ? 'auto' : '5-part', utcOffset: 0, paused: true });
  if (parsed.size >= maxParsed) parsed.clear();
  parsed.set(text, cron);
  return cron;
}

/**
 * The first time after `after` at which a cron expression is due in a zone. A local time that
 * clocks skip is due at the change, and one that they show twice is due the first time only.
 * Undefined if it is never due again.
 */
export function nextCronAt(text: string, zone: string, after: number): number | undefined {
  const cron = cronOf(text);
  let wall: WallTime = Math.floor(wallTime(zone, after));
  for (;;) {
    const next = cron.nextRun(new Date(wall));
    if (next === null) return undefined;
    wall = next.getTime();
    const at = shownFirst(zone, wall);
    // While clocks show an hour for the second time, its times are over already.
    if (at > after) return at;
  }
}

/** The first instant at which the wall shows this; if clocks skip it, when they do. */
export function shownFirst(zone: string, wall: WallTime): number {
  const [first] = whenWallShows(zone, wall, wall + 1);
  return first?.from ?? startAt(Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime(), zone);
}
