import type { Temporal } from 'temporal-polyfill';
import { endAt, handOffAt, localTime, startAt } from '../../vocabulary/local-time.ts';
import type { Override } from './override.ts';
import type { Schedule } from './schedule-schema.ts';

/** A schedule with the overrides people made, oldest first. */
export type ScheduleInForce = Schedule & { made?: readonly Override[] };

export type OnCall = {
  /** Name of the responder. */
  responder: string;
  /** [from, until) of this turn, milliseconds since the epoch. An override splits a turn. */
  from: number;
  until: number;
  /** true: an override names them, not the rotation. */
  override: boolean;
  /** The override, if a person made it; undefined if the config did. */
  made?: Override;
};

type Turn = { from: number; to: number; responder: string; made?: Override };
type Resolved = { start: Temporal.PlainDateTime; overrides: Turn[] };

const dayMs = 86_400_000;
const resolved = new WeakMap<Schedule, Resolved>();

function resolve(schedule: ScheduleInForce): Resolved {
  let known = resolved.get(schedule);
  if (known === undefined) {
    const zone = schedule.timezone;
    const overrides: Turn[] = [
      ...schedule.overrides.map(({ from, to, responder }) => ({
        from: startAt(localTime(from), zone),
        to: endAt(localTime(to), zone),
        responder,
      })),
      ...(schedule.made ?? []).map((made) => ({ from: made.from, to: made.until, responder: made.responder, made })),
    ];
    known = { start: localTime(schedule.start), overrides: overrides.filter(({ from, to }) => from < to) };
    resolved.set(schedule, known);
  }
  return known;
}

/** The overrides of the config and those that people made, in the order in which the later wins. */
export const overridesOf = (schedule: ScheduleInForce): readonly Turn[] => resolve(schedule).overrides;

/**
 * Who is on call at an instant. Turns change at the local time of `start`, daily or weekly, so a
 * turn across a daylight-saving change is an hour shorter or longer. Before `start`, the rotation
 * counts backwards: the turn just before belongs to the last responder. If overrides overlap, the
 * later in the list wins, and those people made win over the config's. One that ends before it
 * starts is ignored. An override from 02:30 to 03:15 covers 03:00 to 03:15 on the day on which
 * clocks skip the hour before.
 */
export function onCall(schedule: ScheduleInForce, at: number): OnCall {
  if (!Number.isFinite(at)) throw new RangeError(`expected a time in milliseconds since the epoch; received ${at}`);
  const { start, overrides } = resolve(schedule);
  const covering = overrides.findLastIndex(({ from, to }) => from <= at && at < to);
  const override = overrides[covering];
  const turn = override ?? rotationTurn(schedule, start, at);
  let { from, to: until } = turn;
  for (const other of overrides.slice(covering + 1)) {
    if (other.to <= at) from = Math.max(from, other.to);
    if (other.from > at) until = Math.min(until, other.from);
  }
  return { responder: turn.responder, from, until, override: override !== undefined, ...(turn.made && { made: turn.made }) };
}

function rotationTurn(schedule: Schedule, start: Temporal.PlainDateTime, at: number): Turn {
  const days = schedule.rotation === 'weekly' ? 7 : 1;
  const handOver = (turn: number): number => handOffAt(start.add({ days: turn * days }), schedule.timezone);
  // Local days are not always 24 hours, so the first guess may be one off.
  let turn = Math.floor((at - handOver(0)) / (days * dayMs));
  while (handOver(turn) > at) turn -= 1;
  while (handOver(turn + 1) <= at) turn += 1;
  const { responders } = schedule;
  const index = ((turn % responders.length) + responders.length) % responders.length;
  return { from: handOver(turn), to: handOver(turn + 1), responder: responders[index] as string };
}
