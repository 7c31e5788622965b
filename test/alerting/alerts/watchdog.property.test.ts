import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import { type Watched, watchdogLook, watchdogSeen } from '../../../core/alerting/alerts/watchdog.ts';

const within = 5;
/** Matchers are the sender's part, and play no role here. */
const watched: Watched = {
  name: 'prom',
  source: { labels: { environment: 'live' }, category: 'availability', watchdog: { match: [], within: within * 60_000 } },
};
const at = (minutes: number): number => minutes * 60_000;

type Event = { at: number; seen: boolean };
/** A look each minute; in some minutes the alert comes, before or after it. */
const events: fc.Arbitrary<Event[]> = fc
  .array(fc.constantFrom('nothing', 'nothing', 'before', 'after'), { minLength: 1, maxLength: 60 })
  .map((all) =>
    all.flatMap((what, minute): Event[] => {
      const look = { at: at(minute + 1), seen: false };
      if (what === 'nothing') return [look];
      return what === 'before' ? [{ at: look.at, seen: true }, look] : [look, { at: look.at, seen: true }];
    }),
  );

describe('a watchdog alert', () => {
  test('is missing exactly when it has not come for `within`, and then until it comes', () => {
    fc.assert(
      fc.property(events, (all) => {
        let alert: Alert | undefined;
        let heard: number | undefined;
        let isMissing = false;
        for (const event of all) {
          const step = event.seen ? watchdogSeen(alert, watched, event.at) : watchdogLook(alert, watched, event.at);
          alert = step.alert;
          heard = event.seen ? event.at : (heard ?? event.at);
          if (event.seen) isMissing = false;
          if (!event.seen && event.at - heard >= at(within)) isMissing = true;
          expect(alert?.state === 'firing').toBe(isMissing);
          if (step.change === 'fired') expect(alert).toMatchObject({ severity: 'critical', labels: { source: 'prom' } });
        }
      }),
    );
  });

  test('is written at most every half minute, and notes when it came to half a minute', () => {
    let alert: Alert | undefined;
    let writes = 0;
    for (let second = 0; second < 3600; second += 10) {
      const step = watchdogSeen(alert, watched, second * 1000);
      if (step.change !== undefined) writes += 1;
      alert = step.alert;
      expect(second * 1000 - (alert?.watchdog?.seenAt ?? 0)).toBeLessThan(30_000);
    }
    expect(writes).toBeLessThanOrEqual(121);
  });

  test('that a wrong clock noted for the future is expected from now on', () => {
    const { alert: future } = watchdogSeen(undefined, watched, at(1000));
    const { alert: now } = watchdogLook(future, watched, at(10));
    expect(now?.watchdog?.seenAt).toBe(at(10));
    expect(watchdogLook(now, watched, at(14)).change).toBeUndefined();
    expect(watchdogLook(now, watched, at(15)).change).toBe('fired');
  });

  test('has its time again after Tocsin was down', () => {
    const { alert } = watchdogSeen(undefined, watched, at(0));
    expect(watchdogLook(alert, watched, at(30), at(29)).change).toBeUndefined();
    expect(watchdogLook(alert, watched, at(34), at(29)).change).toBe('fired');
  });
});
