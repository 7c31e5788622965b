import { type Route, routeOfAlert } from '../../core/dry-run/route.ts';
import { calendarOf, type NextTurn, nextTurns, type Period, type ScheduleCalendar } from '../../core/response/oncall/calendar.ts';
import { withOverrides } from '../../core/response/oncall/in-force.ts';
import { asRuleId } from '../../core/vocabulary/ids.ts';
import { categories, severities } from '../../core/vocabulary/schema-parts.ts';
import type { Ports } from '../ports/ports.ts';
import { effectiveConfig } from '../respond/effective-config.ts';

/** An answer has as many schedules; a daily one of a hundred days is 30 kB. */
export const mostSchedules = 20;

export type OnCallCalendar = {
  /** By name; at most `mostSchedules`. */
  schedules: ScheduleCalendar[];
  /** The last schedule of this answer; there are more after it. */
  more?: string;
  /** Who is on call now, and who when next. */
  next: NextTurn[];
};

/** Schedules in a period: all of them after a name, or one. */
export async function onCallCalendar(
  ports: Pick<Ports, 'config' | 'store'>,
  { period, schedule, after }: { period: Period; schedule?: string | undefined; after?: string | undefined },
  now: number,
): Promise<OnCallCalendar> {
  // Overrides that have ended since are kept, and show who was on call.
  const config = withOverrides(ports.config, await ports.store.overrides(Math.min(now, period.from)));
  const all = Object.entries(config.schedules)
    .filter(([name]) => (schedule === undefined || name === schedule) && (after === undefined || name > after))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const shown = all.slice(0, mostSchedules);
  const last = shown.at(-1)?.[0];
  return {
    schedules: shown.map(([name, one]) => calendarOf(name, one, period)),
    ...(all.length > shown.length && last !== undefined && { more: last }),
    next: nextTurns(config, now),
  };
}

/** Who would be paged about an alert of each category and severity that has no other label. */
export async function pagedNow(ports: Pick<Ports, 'config' | 'store'>, now: number): Promise<Route[]> {
  const config = await effectiveConfig(ports, now);
  return categories.flatMap((category) =>
    severities.map((severity) =>
      routeOfAlert(config, { labels: { category, severity }, ruleId: asRuleId(''), category, severity }, now),
    ),
  );
}
