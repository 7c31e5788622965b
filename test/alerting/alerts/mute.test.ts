import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../core/alerting/alerts/alert.ts';
import { type MuteRules, muting } from '../../../core/alerting/alerts/mute.ts';
import type { MuteTiming } from '../../../core/alerting/mute-timings/mute-timing-schema.ts';
import { fingerprint } from '../../../core/vocabulary/fingerprint.ts';
import { asGroupKey, asRuleId } from '../../../core/vocabulary/ids.ts';
import { matchersOf } from '../../../core/vocabulary/matchers/matcher.ts';

const now = Date.UTC(2026, 0, 5, 9);
const alertOf = (ruleId: string, labels: Record<string, string> = {}, more: Partial<Alert> = {}): Alert => ({
  fingerprint: fingerprint(ruleId, labels),
  ruleId: asRuleId(ruleId),
  labels,
  category: 'latency',
  groupKey: asGroupKey(''),
  groupLabels: {},
  state: 'firing',
  severity: 'critical',
  since: now,
  breachedAt: now,
  evaluatedAt: now,
  reason: '',
  excluded: [],
  version: 1,
  ...more,
});
const none: MuteRules = { silences: [], muteTimings: {}, inhibitions: [] };

describe('an alert is muted', () => {
  it('by a silence that has begun and not ended, whose matchers it meets', () => {
    const silence = {
      id: 's',
      match: matchersOf({ host: ['a', 'b'] }),
      from: now,
      until: now + 1,
      by: 'ana',
      comment: 'upgrade',
      createdAt: now,
      version: 1,
    };
    const at = (time: number) => muting({ ...none, silences: [silence] }, [], time);
    expect(at(now)(alertOf('r', { host: 'a' }))).toEqual({
      by: 'silence',
      text: 'silenced by ana until 2026-01-05 09:00 UTC: upgrade',
    });
    expect(at(now)(alertOf('r', { host: 'c' }))).toBe(undefined);
    expect(at(now - 1)(alertOf('r', { host: 'a' }))).toBe(undefined);
    expect(at(now + 1)(alertOf('r', { host: 'a' }))).toBe(undefined);
  });

  it('by a mute timing while it is active', () => {
    const timing: MuteTiming = {
      timezone: 'UTC',
      match: matchersOf({ severity: 'warn' }),
      windows: [{ days: ['mon'], from: '08:00', to: '10:00' }],
    };
    const reasonOf = muting({ ...none, muteTimings: { mornings: timing } }, [], now);
    expect(reasonOf(alertOf('r', {}, { severity: 'warn' }))).toEqual({ by: 'mute timing', text: 'mute timing mornings' });
    expect(reasonOf(alertOf('r'))).toBe(undefined);
    expect(
      muting({ ...none, muteTimings: { mornings: timing } }, [], now + 3_600_000)(alertOf('r', {}, { severity: 'warn' })),
    ).toBe(undefined);
  });

  it('by an inhibition while its source fires with equal labels, a missing label being equal to an empty one', () => {
    const inhibitions = [
      {
        name: 'down',
        source: matchersOf({ rule: 'gateway' }),
        target: matchersOf({ category: 'latency', rule: 'slow' }),
        equal: ['zone'],
      },
    ];
    const reasonOf = (firing: Alert[], alert: Alert) => muting({ ...none, inhibitions }, firing, now)(alert);
    expect(reasonOf([alertOf('gateway', { zone: 'x' })], alertOf('slow', { zone: 'x' }))).toEqual({
      by: 'inhibition',
      text: 'inhibited by gateway (down)',
    });
    expect(reasonOf([alertOf('gateway', { zone: 'x' })], alertOf('slow', { zone: 'y' }))).toBe(undefined);
    expect(reasonOf([alertOf('gateway')], alertOf('slow', { zone: '' }))).toEqual({
      by: 'inhibition',
      text: 'inhibited by gateway (down)',
    });
    expect(reasonOf([alertOf('gateway', {}, { state: 'pending' })], alertOf('slow'))).toBe(undefined);
    expect(reasonOf([alertOf('gateway', {}, { state: 'recovering' })], alertOf('slow'))).toEqual({
      by: 'inhibition',
      text: 'inhibited by gateway (down)',
    });
  });

  it('never by itself, nor by an alert that both sides describe', () => {
    const inhibitions = [
      { name: 'all', source: matchersOf({ category: 'latency' }), target: matchersOf({ category: 'latency' }), equal: [] },
    ];
    const [a, b] = [alertOf('a'), alertOf('b')];
    const reasonOf = muting({ ...none, inhibitions }, [a, b], now);
    expect([reasonOf(a), reasonOf(b)]).toEqual([undefined, undefined]);
  });
});
