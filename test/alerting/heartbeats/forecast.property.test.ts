import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forecastOf } from '../../../core/alerting/heartbeats/forecast.ts';
import { expectedBy, type Heartbeat, type HeartbeatReport, type Run } from '../../../core/alerting/heartbeats/heartbeat.ts';
import { heartbeatSchema } from '../../../core/alerting/heartbeats/heartbeat-schema.ts';
import { nextHeartbeat } from '../../../core/alerting/heartbeats/next-heartbeat.ts';
import type { HeartbeatTroubleKind } from '../../../core/alerting/heartbeats/trouble.ts';
import { troublesOf } from '../../../core/alerting/heartbeats/troubles-of.ts';

const minute = 60_000;
const hour = 60 * minute;
const dayMs = 24 * hour;
/** Due at 3:00, done by 6:00. */
const config = heartbeatSchema.parse({ schedule: '0 3 * * *', deadline: '06:00', runbook: 'a' });
const due = Date.UTC(2026, 0, 5, 3);
const deadline = Date.UTC(2026, 0, 5, 6);
const fresh = (): Heartbeat => expectedBy(undefined, 'nightly', '0 3 * * * UTC', due - dayMs + 1);

/** What is wrong about the deadline at each minute of a run with these reports. */
function told(reports: readonly HeartbeatReport[], heartbeat = fresh()): { at: number; kinds: HeartbeatTroubleKind[] }[] {
  const left = [...reports];
  let was: ReadonlySet<HeartbeatTroubleKind> = new Set();
  const all: { at: number; kinds: HeartbeatTroubleKind[] }[] = [];
  let current = heartbeat;
  for (let at = due; at < due + 12 * hour; at += minute) {
    while (left[0] !== undefined && left[0].at <= at) current = nextHeartbeat(current, left.shift() as HeartbeatReport);
    const kinds = troublesOf(config, current, { now: at, was })
      .map(({ kind }) => kind)
      .filter((kind) => kind.startsWith('deadline'));
    was = new Set(kinds);
    all.push({ at, kinds });
  }
  return all;
}

/** A run at one rate, which says how far it is so often. */
function steady(startedAt: number, took: number, every: number): HeartbeatReport[] {
  const reports: HeartbeatReport[] = [{ state: 'start', at: startedAt }];
  for (let at = startedAt + every; at < startedAt + took; at += every)
    reports.push({ state: 'progress', at, done: (at - startedAt) / took });
  return [...reports, { state: 'success', at: startedAt + took }];
}

const minutesTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max }).map((n) => n * minute);

describe('a deadline', () => {
  test('pages nobody about a run that goes at one rate and is on time, however seldom it reports', () => {
    const run = fc.record({ late: minutesTo(60), took: minutesTo(100), every: minutesTo(120) });
    fc.assert(
      fc.property(run, ({ late, took, every }) => {
        expect(told(steady(due + late, took, every)).every(({ kinds }) => kinds.length === 0)).toBe(true);
      }),
    );
  });

  test('warns of a run that will miss it as soon as a tenth is done and reported, is critical at the deadline, and ends with the run', () => {
    const run = fc.record({ late: minutesTo(60), more: minutesTo(200) });
    fc.assert(
      fc.property(run, ({ late, more }) => {
        const startedAt = due + late;
        const took = deadline - startedAt + more;
        const story = told(steady(startedAt, took, minute));
        const tenth = startedAt + took / 10;
        for (const { at, kinds } of story) {
          if (at >= startedAt + took) expect(kinds).toEqual([]);
          else if (at >= deadline) expect(kinds).toEqual(['deadline passed']);
          else if (at >= tenth + 2 * minute) expect(kinds).toEqual(['deadline at risk']);
          else if (at < tenth) expect(kinds).toEqual([]);
        }
      }),
    );
  });

  test('is predicted later the more is left to do', () => {
    const at = fc.record({
      took: minutesTo(300),
      done: fc.double({ min: 0.1, max: 1, noNaN: true }),
      more: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const runOf = (done: number, took: number): Run => ({
      startedAt: due,
      progress: { done, at: due + took, movedAt: due + took },
    });
    fc.assert(
      fc.property(at, ({ took, done, more }) => {
        const further = Math.min(1, done + more * (1 - done));
        const [less, later] = [further, done].map((share) => forecastOf(fresh(), runOf(share, took), due + took)?.endsAt ?? 0);
        expect(less).toBeLessThanOrEqual(later as number);
        expect(less).toBeGreaterThanOrEqual(due + took);
      }),
    );
  });

  test('by earlier runs says nothing of fewer than five, and else what 90 % of them took', () => {
    const took = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 60 });
    fc.assert(
      fc.property(took, (all) => {
        const runs = all.map((minutes, n): Run => {
          const startedAt = due - (all.length - n) * dayMs;
          return { startedAt, endedAt: startedAt + minutes * minute, outcome: 'success' };
        });
        const forecast = forecastOf({ ...fresh(), runs }, { startedAt: due }, due);
        if (all.length < 5) {
          expect(forecast).toBeUndefined();
          return;
        }
        const last = all.slice(-20).toSorted((a, b) => a - b);
        const by = ((forecast?.endsAt ?? 0) - due) / minute;
        expect(last.filter((minutes) => minutes <= by).length / last.length).toBeGreaterThanOrEqual(0.9);
        expect(last).toContain(by);
      }),
    );
  });

  test('a warning does not come and go with a forecast near the deadline', () => {
    const reports: HeartbeatReport[] = [{ state: 'start', at: due }];
    // At the same rate it would end within two minutes of the deadline, before it or after it.
    for (let n = 30; n < 170; n += 5)
      reports.push({ state: 'progress', at: due + n * minute, done: n / (180 + (n % 2 === 0 ? 2 : -2)) });
    const changes = told(reports)
      .filter(({ at }) => at < deadline)
      .map(({ kinds }) => kinds.length > 0)
      .filter((is, n, all) => n > 0 && is !== all[n - 1]);
    expect(changes).toEqual([true]);
  });
});
