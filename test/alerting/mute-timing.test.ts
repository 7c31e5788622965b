import { describe, expect, it } from 'vitest';
import { isMutedBy, muteEnd } from '../../core/alerting/mute-timings/mute-timing.ts';
import type { MuteTiming } from '../../core/alerting/mute-timings/mute-timing-schema.ts';

const week: MuteTiming['windows'][number]['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const timing = (...windows: MuteTiming['windows']): MuteTiming => ({ timezone: 'Europe/Berlin', match: [], windows });
const utc = (text: string): number => Date.parse(`${text}Z`);

/** Whether it is active, and until when. */
const inMuteTiming = (muted: MuteTiming, at: number) => {
  const until = muteEnd(muted, at);
  return { active: isMutedBy(muted, at), ...(until !== undefined && { until }) };
};

describe('a mute timing', () => {
  const lunch = timing({ days: ['mon'], from: '12:00', to: '13:00' });

  it('is active from its first minute to before its last, in local time', () => {
    expect(inMuteTiming(lunch, utc('2026-01-05T10:59'))).toEqual({ active: false });
    expect(inMuteTiming(lunch, utc('2026-01-05T11:00'))).toEqual({ active: true, until: utc('2026-01-05T12:00') });
    expect(inMuteTiming(lunch, utc('2026-01-05T12:00'))).toEqual({ active: false });
    expect(inMuteTiming(lunch, utc('2026-07-06T10:00'))).toEqual({ active: true, until: utc('2026-07-06T11:00') });
  });

  it('is active on its days only', () => {
    expect(inMuteTiming(lunch, utc('2026-01-06T11:30')).active).toBe(false);
  });

  it('belongs to the day it begins on when it ends on the next', () => {
    const night = timing({ days: ['fri'], from: '22:00', to: '06:00' });
    expect(inMuteTiming(night, utc('2026-01-10T04:59'))).toEqual({ active: true, until: utc('2026-01-10T05:00') });
    expect(inMuteTiming(night, utc('2026-01-09T04:59')).active).toBe(false);
    expect(inMuteTiming(night, utc('2026-01-10T21:30')).active).toBe(false);
  });

  it('lasts an hour less or more in the night in which clocks change', () => {
    const night = timing({ days: week, from: '22:00', to: '06:00' });
    expect(inMuteTiming(night, utc('2026-03-28T21:00'))).toEqual({ active: true, until: utc('2026-03-29T04:00') });
    expect(inMuteTiming(night, utc('2026-10-24T20:00'))).toEqual({ active: true, until: utc('2026-10-25T05:00') });
  });

  it('ends where the last of touching windows ends', () => {
    const both = timing(
      { days: ['mon'], from: '12:00', to: '13:00' },
      { days: ['mon'], from: '12:30', to: '14:00' },
      { days: ['mon'], from: '14:00', to: '15:00' },
    );
    expect(inMuteTiming(both, utc('2026-01-05T11:00'))).toEqual({ active: true, until: utc('2026-01-05T14:00') });
  });

  it('lasts a day when it ends at the time it begins, and may never end', () => {
    expect(inMuteTiming(timing({ days: ['mon'], from: '00:00', to: '00:00' }), utc('2026-01-05T12:00'))).toEqual({
      active: true,
      until: utc('2026-01-05T23:00'),
    });
    expect(inMuteTiming(timing({ days: week, from: '00:00', to: '00:00' }), utc('2026-01-05T12:00'))).toEqual({ active: true });
  });
});
