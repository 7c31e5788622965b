import type { SessionDto } from '../../http/api/dto/session.ts';

export type ZoneChoice = 'UTC' | 'own' | 'schedule';

/** A schedule, and where its people are. */
export type ScheduleZone = NonNullable<SessionDto['teams'][number]['schedule']>;

/** `New York` of `America/New_York`. */
const placeOf = (timeZone: string): string => (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ');

/**
 * The zones to choose from, each once: UTC, the viewer's own, and that of a schedule, which is
 * named.
 */
export function zoneChoices(
  own: string,
  schedule: ScheduleZone | undefined,
): { choice: ZoneChoice; timeZone: string; text: string }[] {
  const all = [
    { choice: 'UTC' as const, timeZone: 'UTC', text: 'UTC' },
    { choice: 'own' as const, timeZone: own, text: own },
    ...(schedule === undefined
      ? []
      : [{ choice: 'schedule' as const, timeZone: schedule.timezone, text: `${placeOf(schedule.timezone)} (${schedule.name})` }]),
  ];
  return all.filter(({ timeZone }, at) => all.findIndex((one) => one.timeZone === timeZone) === at);
}

/**
 * The schedule whose zone is offered: that of the thing shown, else of the team in scope, else of
 * one's own team.
 */
export function scheduleShown(
  ofThing: ScheduleZone | undefined,
  team: string | undefined,
  teams: SessionDto['teams'],
): ScheduleZone | undefined {
  const inScope = teams.find(({ name }) => name === team);
  return ofThing ?? (inScope ?? teams.find(({ isOwn, schedule }) => isOwn === true && schedule !== undefined))?.schedule;
}
