import type { Target } from '../escalation/policy-schema.ts';

/** A schedule by name, and where its people are. */
export type ScheduleZone = { name: string; timezone: string };

type Schedules = Readonly<Record<string, { timezone: string }>>;

export function scheduleZone(schedules: Schedules, name: string | undefined): ScheduleZone | undefined {
  const timezone = name === undefined || !Object.hasOwn(schedules, name) ? undefined : schedules[name]?.timezone;
  return name === undefined || timezone === undefined ? undefined : { name, timezone };
}

/** The schedule that a policy pages first; undefined if it pages none. */
export function scheduleOf(
  policy: { tiers: readonly { targets: readonly Target[] }[] } | undefined,
  schedules: Schedules,
): ScheduleZone | undefined {
  const names = policy?.tiers.flatMap(({ targets }) => targets.flatMap(({ schedule }) => schedule ?? [])) ?? [];
  return scheduleZone(
    schedules,
    names.find((name) => Object.hasOwn(schedules, name)),
  );
}
