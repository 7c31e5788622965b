import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timesAgain, withChanges } from '../../../core/response/flapping/changes.ts';
import type { StateChange, StateChangeKind } from '../../../core/response/flapping/state-change.ts';
import { asFingerprint } from '../../../core/vocabulary/ids.ts';

const minute = 60_000;
const window = { within: 60 * minute };

/** What these alerts do together in a moment. */
const move = (at: number, kind: StateChangeKind, alerts: readonly number[]): StateChange[] =>
  alerts.map((n) => ({ at, kind, fingerprint: asFingerprint(`a${n}`), severity: 'critical' }));

/**
 * How often it was again, after so many moments of firing and resolving in turn, of so many alerts
 * each.
 */
function againAfter(moments: readonly (readonly number[])[]): number {
  let known: StateChange[] = [];
  for (const [n, alerts] of moments.entries())
    known = withChanges(known, move(n * minute, n % 2 === 0 ? 'fired' : 'resolved', alerts), n * minute);
  return timesAgain(known, window, moments.length * minute);
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('what an incident remembers of its alerts', () => {
  it('counts alerts that move together as one alert, however many they are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 39 }), (alerts, moments) => {
        const together = againAfter(Array.from({ length: moments }, () => upTo(alerts)));
        expect(together).toBe(againAfter(Array.from({ length: moments }, () => [0])));
      }),
    );
  });

  it('keeps what one alert did while storms pass: they lose some of theirs first', () => {
    const alone = (n: number): number[] => [n];
    const storm = upTo(500).map((n) => n + 1000);
    expect(againAfter([alone(0), alone(0), storm, storm, alone(0), alone(0)])).toBe(2);
  });

  it('is bounded, newest kept', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 60 }), (sizes) => {
        let known: StateChange[] = [];
        for (const [n, size] of sizes.entries()) known = withChanges(known, move(n * minute, 'fired', upTo(size)), n * minute);
        expect(known.length).toBeLessThanOrEqual(40);
        if (sizes.length > 0) expect(known.at(-1)?.at).toBe((sizes.length - 1) * minute);
      }),
    );
  });
});
