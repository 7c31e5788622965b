import { offsetSpanAt } from '../../vocabulary/wall-clock.ts';
import type { ResponseConfig } from '../config.ts';
import type { Override } from './override.ts';
import { type OnCall, onCall, overridesOf, type ScheduleInForce } from './schedule.ts';

/** Who is on call in [from, until). `override`: why it is not the person from the rotation. */
export type CalendarSpan = Pick<OnCall, 'responder' | 'from' | 'until' | 'override' | 'made'>;

/** The clocks of a zone change; offsets from UTC in milliseconds. */
export type ClockChange = { at: number; before: number; after: number };

/** One schedule in a period, layer by layer. All spans lie in the period. */
export type ScheduleCalendar = {
  schedule: string;
  timezone: string;
  rotation: ScheduleInForce['rotation'];
  /** In the order of the rotation. */
  responders: readonly string[];
  /** The turns of the rotation alone. */
  turns: CalendarSpan[];
  /** Overrides of the config and those that people made, each as it was asked for. */
  overrides: CalendarSpan[];
  /** Who is on call: one span after the other, without a gap. */
  result: CalendarSpan[];
  clockChanges: ClockChange[];
};

/** The period [from, to); milliseconds since the epoch. */
export type Period = { from: number; to: number };

/** A schedule in a period. Its rotation has neither beginning nor end, so there is never a gap. */
export function calendarOf(name: string, schedule: ScheduleInForce, period: Period): ScheduleCalendar {
  const { timezone, rotation, responders } = schedule;
  const { made: _, ...config } = schedule;
  return {
    ...{ schedule: name, timezone, rotation, responders },
    turns: turnsIn({ ...config, overrides: [] }, period),
    overrides: overridesOf(schedule).flatMap(({ from, to, responder, made }) =>
      clipped({ responder, from, until: to, override: true, ...(made && { made }) }, period),
    ),
    result: turnsIn(schedule, period),
    clockChanges: clockChangesIn(timezone, period),
  };
}

function turnsIn(schedule: ScheduleInForce, { from, to }: Period): CalendarSpan[] {
  const turns: CalendarSpan[] = [];
  for (let at = from; at < to; ) {
    const { responder, until, override, made } = onCall(schedule, at);
    turns.push({ responder, from: at, until: Math.min(until, to), override, ...(made && { made }) });
    at = until;
  }
  return turns;
}

function clipped(span: CalendarSpan, { from, to }: Period): CalendarSpan[] {
  if (span.until <= from || span.from >= to) return [];
  return [{ ...span, from: Math.max(span.from, from), until: Math.min(span.until, to) }];
}

/** The changes of a zone's clocks in (from, to). */
export function clockChangesIn(zone: string, { from, to }: Period): ClockChange[] {
  const changes: ClockChange[] = [];
  for (let span = offsetSpanAt(zone, from); span.to < to; ) {
    const next = offsetSpanAt(zone, span.to);
    changes.push({ at: span.to, before: span.offset, after: next.offset });
    span = next;
  }
  return changes;
}

/** When somebody is on call next: now, or from a later time. */
export type NextTurn = { responder: string; schedule: string; from: number; until: number; made?: Override };

/**
 * Turns of one schedule that are looked through: everybody of a rotation of 50 has had one by then.
 */
const mostTurns = 60;

/**
 * The current turn of each responder, or the next one; by begin. Whoever is named by no schedule
 * in the next turns is not in the list.
 */
export function nextTurns({ schedules }: Pick<ResponseConfig, 'schedules'>, now: number): NextTurn[] {
  const first = new Map<string, NextTurn>();
  for (const [schedule, one] of Object.entries(schedules)) {
    const seen = new Set<string>();
    const wanted = new Set([...one.responders, ...overridesOf(one).map(({ responder }) => responder)]).size;
    for (let at = now, turn = 0; turn < mostTurns && seen.size < wanted; turn += 1) {
      const { responder, from, until, made } = onCall(one, at);
      at = until;
      if (seen.has(responder)) continue;
      seen.add(responder);
      const known = first.get(responder);
      if (known === undefined || from < known.from)
        first.set(responder, { responder, schedule, from, until, ...(made && { made }) });
    }
  }
  return [...first.values()].toSorted((a, b) => a.from - b.from || (a.responder < b.responder ? -1 : 1));
}
