import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { endAt, handOffAt, nextLocalDay, startAt } from '../../core/vocabulary/local-time.ts';
import { minuteOfDay, wallDay, wallTime, weekdayOf, whenWallShows } from '../../core/vocabulary/wall-clock.ts';
import { clockChanges, minutesAround, onTheWall } from './clock-changes.ts';

const minute = 60_000;
const utcOf = (local: Temporal.PlainDateTime): number => local.toZonedDateTime('UTC').epochMilliseconds;

describe('around every change of the clocks', () => {
  it('has changes of each sort to look at', () => {
    const zones = new Set(clockChanges.map(({ zone }) => zone));
    expect(zones.size).toBe(11);
    expect(clockChanges.length).toBeGreaterThan(zones.size);
  });

  it.each(clockChanges)('the wall of $zone shows the time, day and weekday of a calendar ($at)', (change) => {
    for (const at of minutesAround(change)) {
      const local = onTheWall(change.zone, at);
      const wall = wallTime(change.zone, at);
      expect([wallDay(wall) * 86_400_000, minuteOfDay(wall), weekdayOf(wallDay(wall)) + 1]).toEqual([
        utcOf(local.toPlainDate().toPlainDateTime()),
        local.hour * 60 + local.minute,
        local.dayOfWeek,
      ]);
    }
  });

  it.each(clockChanges)('a span on the wall of $zone holds exactly the minutes that show it ($at)', (change) => {
    const minutes = minutesAround(change, 30);
    const walls = minutes.map((at) => wallTime(change.zone, at));
    const around = wallTime(change.zone, change.at);
    for (const [from, length] of [
      [-240, 300],
      [-65, 20],
      [-30, 30],
      [-30, 45],
      [0, 60],
      [-15, 5],
      [-180, 360],
      [30, 90],
    ] as const) {
      const span = { from: around + from * minute, to: around + (from + length) * minute };
      const spans = whenWallShows(change.zone, span.from, span.to);
      const held = minutes.filter((at) => spans.some((one) => one.from <= at && at < one.to));
      expect(held).toEqual(minutes.filter((_, i) => span.from <= (walls[i] as number) && (walls[i] as number) < span.to));
      expect(spans.every((one, i) => one.from < one.to && one.from > (spans[i - 1]?.to ?? 0))).toBe(true);
    }
  });

  it.each(clockChanges)(
    'in $zone what is skipped begins and ends at the change, and what is repeated holds both ($at)',
    (change) => {
      const before = onTheWall(change.zone, change.at - minute).add({ minutes: 1 });
      const after = onTheWall(change.zone, change.at);
      const skips = Temporal.PlainDateTime.compare(before, after) < 0;
      const [low, high] = skips ? [before, after] : [after, before];
      for (let local = low; Temporal.PlainDateTime.compare(local, high) < 0; local = local.add({ minutes: 5 })) {
        const { earlier, later } = {
          earlier: local.toZonedDateTime(change.zone, { disambiguation: 'earlier' }).epochMilliseconds,
          later: local.toZonedDateTime(change.zone, { disambiguation: 'later' }).epochMilliseconds,
        };
        expect([startAt(local, change.zone), endAt(local, change.zone), handOffAt(local, change.zone)]).toEqual(
          skips ? [change.at, change.at, later] : [earlier, later, earlier],
        );
      }
    },
  );

  it('has a next day everywhere, also where one was left out', () => {
    const day = Temporal.PlainDate.from('2011-12-29');
    expect(nextLocalDay(day, 'Pacific/Apia').toString()).toBe('2011-12-31');
    expect(nextLocalDay(day, 'Europe/Berlin').toString()).toBe('2011-12-30');
  });
});
