import { formatUtc } from '../../vocabulary/format.ts';
import type { ResponseConfig } from '../config.ts';
import type { Override } from './override.ts';
import { type OnCall, onCall, type ScheduleInForce } from './schedule.ts';

/**
 * The config with the on-call overrides people made. Overrides for a removed schedule are ignored.
 */
export function withOverrides<C extends Pick<ResponseConfig, 'schedules' | 'responders'>>(
  config: C,
  overrides: readonly Override[],
): C {
  if (overrides.length === 0) return config;
  const schedules: Record<string, ScheduleInForce> = { ...config.schedules };
  for (const [name, schedule] of Object.entries(config.schedules)) {
    const made = overrides.filter(
      (override) => override.schedule === name && Object.hasOwn(config.responders, override.responder),
    );
    if (made.length > 0) schedules[name] = { ...schedule, made };
  }
  return { ...config, schedules };
}

/** Who is on call for a schedule, and who is next. */
export type Turn = { schedule: string } & OnCall & { next: string };

/** Who is on call for each schedule at a time. */
export function onCallNow({ schedules }: Pick<ResponseConfig, 'schedules'>, at: number): Turn[] {
  return Object.entries(schedules).map(([schedule, one]) => {
    const turn = onCall(one, at);
    return { schedule, ...turn, next: onCall(one, turn.until).responder };
  });
}

/** `ml: ben until 2026-01-05 17:00 UTC, then ana (ovr-1 by responder/ben: Ana is ill)` */
export function turnText(turn: Turn): string {
  const why = whyText(turn);
  return `${turn.schedule}: ${turn.responder} until ${formatUtc(turn.until)}, then ${turn.next}${why === '' ? '' : ` (${why})`}`;
}

/** Why it is not the person from the rotation; empty if it is. */
export function whyText({ override, made }: OnCall): string {
  if (made !== undefined) return `${made.id} by ${made.by}: ${made.comment}`;
  return override ? 'an override of the config' : '';
}
