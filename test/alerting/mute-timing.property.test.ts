import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { isMutedBy, muteEnd } from '../../core/alerting/mute-timings/mute-timing.ts';
import { type MuteTiming, weekdays } from '../../core/alerting/mute-timings/mute-timing-schema.ts';
import { clockChanges, minutesAround, onTheWall } from '../vocabulary/clock-changes.ts';

const minute = 60_000;
type Window = MuteTiming['windows'][number];

/** The plainest way to say it: what the wall shows is in the window of today or of yesterday. */
function shown({ windows }: MuteTiming, wall: Temporal.PlainDateTime): boolean {
  const time = wall.toPlainTime().toString().slice(0, 5);
  const isOn = ({ days }: Window, date: Temporal.PlainDate) => days.includes(weekdays[date.dayOfWeek - 1] as Window['days'][0]);
  const today = wall.toPlainDate();
  return windows.some((window) => {
    const { from, to } = window;
    if (from < to) return isOn(window, today) && from <= time && time < to;
    return (isOn(window, today) && from <= time) || (isOn(window, today.subtract({ days: 1 })) && time < to);
  });
}

const clock = fc
  .nat(24 * 12 - 1)
  .map((n) => `${String(Math.floor(n / 12)).padStart(2, '0')}:${String((n % 12) * 5).padStart(2, '0')}`);
const window: fc.Arbitrary<Window> = fc.record({
  days: fc.subarray([...weekdays], { minLength: 1 }),
  from: clock,
  to: clock,
});

describe('a mute timing around a change of the clocks', () => {
  it('is active in a minute exactly if the wall shows a time of its windows, and ends when it says', () => {
    fc.assert(
      fc.property(fc.constantFrom(...clockChanges), fc.array(window, { minLength: 1, maxLength: 3 }), (change, windows) => {
        const timing: MuteTiming = { timezone: change.zone, match: [], windows };
        const minutes = minutesAround(change);
        const active = minutes.map((at) => isMutedBy(timing, at));
        expect(active).toEqual(minutes.map((at) => shown(timing, onTheWall(change.zone, at))));
        for (const [index, at] of minutes.entries()) {
          if (index % 20 !== 0) continue;
          const next = active.indexOf(false, index);
          const end = muteEnd(timing, at);
          if (!active[index]) expect(end).toBeUndefined();
          else if (next > 0) expect(end).toBe(minutes[next]);
          else if (end !== undefined) expect(end).toBeGreaterThanOrEqual((minutes.at(-1) as number) + minute);
        }
      }),
      { numRuns: 60 },
    );
  });
});

const file = '../shared/cases/mute-windows-dst.json';
type Case = { day: string; timezone: string; from: string; to: string; active: [string, string][] };

describe.skipIf(!existsSync(file))('the recorded mute windows (skipped without ../shared/cases)', () => {
  const { searchedUtc, windows } = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { searchedUtc: string[]; windows: Case[] })
    : { searchedUtc: [], windows: [] };
  const searched = searchedUtc.map((text) => text.split(' to ').map((one) => Date.parse(one)) as [number, number]);

  it.each(windows)('$from to $to on $day are active when they should be', ({ day, timezone, from, to, active }) => {
    const timing: MuteTiming = { timezone, match: [], windows: [{ days: [...weekdays], from, to }] };
    const [begin, end] = searched[day.startsWith('2025-03') ? 0 : 1] as [number, number];
    const spans: [string, string][] = [];
    const text = (at: number): string => new Date(at).toISOString().replace(':00.000', '');
    for (let at = begin; at < end; at += minute) {
      if (!isMutedBy(timing, at)) continue;
      if (spans.at(-1)?.[1] === text(at)) (spans.at(-1) as [string, string])[1] = text(at + minute);
      else spans.push([text(at), text(at + minute)]);
    }
    expect(spans).toEqual(active);
  });
});
