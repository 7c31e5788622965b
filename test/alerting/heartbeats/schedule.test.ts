import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronFault, nextCronAt } from '../../../core/alerting/heartbeats/cron-schedule.ts';
import { deadlineAfter, dueAfter, earlyMs } from '../../../core/alerting/heartbeats/schedule.ts';
import { minuteOfDay, type WallTime, wallTime } from '../../../core/vocabulary/wall-clock.ts';
import { errorsOf } from '../../config/errors-of.ts';

const minute = 60_000;
const hour = 60 * minute;
const utc = (text: string): number => Date.parse(`${text}Z`);
const iso = (at: number | undefined): string => (at === undefined ? 'never' : new Date(at).toISOString().slice(0, 16));

/** All times in [from, to) at which it is due. */
function dueIn(cron: string, zone: string, from: number, to: number): number[] {
  const all: number[] = [];
  for (let at = nextCronAt(cron, zone, from - 1); at !== undefined && at < to; at = nextCronAt(cron, zone, at)) all.push(at);
  return all;
}

/** The same as simply as possible: minute by minute, by what clocks on the wall show. */
function walked(matches: (minuteOfDay: number) => boolean, zone: string, from: number, to: number): number[] {
  const seen = new Set<WallTime>();
  const all: number[] = [];
  // A time that is shown for the second time was shown for the first time within a day before.
  for (let at = from - 24 * hour; at < from; at += minute) seen.add(wallTime(zone, at));
  let shown = wallTime(zone, from - minute);
  for (let at = from; at < to; at += minute) {
    const wall = wallTime(zone, at);
    let isDue = false;
    for (let skipped = shown + minute; skipped <= wall; skipped += minute)
      if (!seen.has(skipped) && matches(minuteOfDay(skipped))) isDue = true;
    if (isDue) all.push(at);
    seen.add(wall);
    shown = Math.max(shown, wall);
  }
  return all;
}

const changes: [zone: string, at: number][] = [
  ['Europe/Berlin', utc('2026-03-29T01:00')],
  ['Europe/Berlin', utc('2026-10-25T01:00')],
  ['America/New_York', utc('2026-03-08T07:00')],
  ['America/New_York', utc('2026-11-01T06:00')],
  ['Australia/Lord_Howe', utc('2026-04-04T15:00')],
  ['Australia/Lord_Howe', utc('2026-10-03T15:30')],
  ['Asia/Kathmandu', utc('2026-06-01T00:00')],
];

describe('a cron schedule', () => {
  it('is due at local times: one that clocks skip at the change, and one that they show twice once', () => {
    expect(dueIn('30 2 * * *', 'Europe/Berlin', utc('2026-03-28T00:00'), utc('2026-03-31T00:00')).map(iso)).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
    expect(dueIn('30 2 * * *', 'Europe/Berlin', utc('2026-10-24T00:00'), utc('2026-10-27T00:00')).map(iso)).toEqual([
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  it('agrees with a walk minute by minute around every change of clocks', () => {
    const pattern = fc.oneof(
      fc.record({ h: fc.integer({ min: 0, max: 23 }), m: fc.integer({ min: 0, max: 59 }) }).map(({ h, m }) => ({
        cron: `${m} ${h} * * *`,
        matches: (at: number) => at === h * 60 + m,
      })),
      fc.constantFrom(5, 10, 15, 20, 30).map((step) => ({ cron: `*/${step} * * * *`, matches: (at: number) => at % step === 0 })),
      fc
        .integer({ min: 0, max: 59 })
        .map((m) => ({ cron: `${m} 1-3 * * *`, matches: (at: number) => at % 60 === m && at >= 60 && at < 240 })),
    );
    fc.assert(
      fc.property(pattern, fc.constantFrom(...changes), ({ cron, matches }, [zone, change]) => {
        const [from, to] = [change - 26 * hour, change + 26 * hour];
        expect(dueIn(cron, zone, from, to).map(iso)).toEqual(walked(matches, zone, from, to).map(iso));
      }),
      { numRuns: 60 },
    );
  });

  it('counts a run that began a little early for the time that follows', () => {
    const daily = { schedule: '0 3 * * *', timezone: 'UTC' };
    const since = utc('2026-01-01T00:00');
    const due = utc('2026-01-05T03:00');
    expect(iso(dueAfter(daily, due - earlyMs, since))).toBe('2026-01-06T03:00');
    expect(iso(dueAfter(daily, due - earlyMs - 1, since))).toBe('2026-01-05T03:00');
    expect(iso(dueAfter(daily, undefined, due))).toBe('2026-01-06T03:00');
  });

  it('refuses what is none', () => {
    for (const text of [
      '',
      'x',
      '* * * *',
      '0 0 3 * * *',
      '61 * * * *',
      '0 0 31 2 *',
      '@reboot',
      '2026-05-05T10:00:00',
      'a'.repeat(500),
    ])
      expect([text, cronFault(text)]).toEqual([text, expect.any(String)]);
    for (const text of ['0 3 * * *', '*/5 * * * MON-FRI', '@daily', '0 0 29 2 *']) expect(cronFault(text)).toBeUndefined();
  });

  it('never hangs, whatever it is given', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'0123456789*/,-LW#?+ @MONFRIJAN'.split('')), { maxLength: 60 }), (signs) => {
        const text = signs.join('');
        if (cronFault(text) === undefined) expect(nextCronAt(text, 'Europe/Berlin', 0)).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a deadline', () => {
  it('is the first such time of day after the run was due', () => {
    expect(iso(deadlineAfter('06:00', 'Europe/Berlin', utc('2026-01-05T02:00')))).toBe('2026-01-05T05:00');
    expect(iso(deadlineAfter('06:00', 'Europe/Berlin', utc('2026-01-05T22:00')))).toBe('2026-01-06T05:00');
  });

  it('is later where clocks show it twice, and at the change where they skip it', () => {
    expect(iso(deadlineAfter('02:30', 'Europe/Berlin', utc('2026-10-24T20:00')))).toBe('2026-10-25T01:30');
    expect(iso(deadlineAfter('02:30', 'Europe/Berlin', utc('2026-03-28T20:00')))).toBe('2026-03-29T01:00');
  });
});

describe('the config of a heartbeat', () => {
  const wrong = (keys: string): string => errorsOf(`heartbeats:\n  nightly:\n    runbook: null-spike\n    ${keys}\n`).join('\n');

  it('is refused where it is wrong, with file, line and key', () => {
    expect(wrong('schedule: "0 25 * * *"')).toMatch(/f\.yaml:4:\d+.*heartbeats\.nightly\.schedule: expected a cron expression/);
    expect(wrong('schedule: "0 3 * * *"\n    timezone: Mars/Base')).toMatch(
      /f\.yaml:5:\d+.*timezone: expected an IANA time zone/,
    );
    expect(wrong('schedule: "0 * * * *"\n    deadline: "06:00"')).toMatch(
      /f\.yaml:5:\d+.*deadline: expected a time between each run and the next one; the run of 2026-01-01 01:00 UTC/,
    );
    expect(wrong('every: 1h\n    deadline: "06:00"')).toContain('expected no deadline beside `every`');
    expect(wrong('grace: 15m')).toContain('expected exactly one of schedule and every; received none');
    expect(wrong('every: 1h\n    schedule: "@daily"')).toContain('received both');
    expect(wrong('every: 1h\n    grace: 10s')).toContain('expected at least 1m, for heartbeats are looked at so often');
    expect(errorsOf('heartbeats: { n: { every: 1h, runbook: nul-spike } }').join()).toContain('did you mean "null-spike"?');
    expect(wrong('schedule: "0 3 * * MON-FRI"\n    timezone: Europe/Berlin\n    deadline: "06:00"')).toBe('');
  });

  it('names heartbeats that a key may report', () => {
    const text = 'settings: { ingestKeys: [{ name: cron, secret: CRON_KEY, scope: [heartbeats], heartbeats: [nightli] }] }';
    const job = 'heartbeats: { nightly: { every: 1h, runbook: null-spike } }';
    expect(errorsOf(text, job).join()).toContain('settings.ingestKeys[0].heartbeats[0]: expected the name of a heartbeat');
  });
});
