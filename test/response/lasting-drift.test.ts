import { describe, expect, it } from 'vitest';
import type { AlertSummary } from '../../core/alerting/alerts/alert-summary.ts';
import { ackLasts, howDriftEnds } from '../../core/response/incidents/lasting-drift.ts';
import { asFingerprint, asRuleId } from '../../core/vocabulary/ids.ts';

const hour = 3_600_000;
const day = 24 * hour;
const drift = { measure: 'psi', value: 1, effectUnits: 'nats', binning: 'a', zero: 'a', tested: 1 } as const;
const summary = (more: Partial<AlertSummary> = {}): AlertSummary => ({
  fingerprint: asFingerprint('a'),
  ruleId: asRuleId('moved'),
  title: 'moved',
  labels: { feature: 'price' },
  severity: 'warn',
  state: 'firing',
  since: 0,
  reason: 'psi 1',
  runbook: 'a',
  drift: { ...drift, baselineCount: 100, currentCount: 100 },
  ...more,
});
const { drift: _, ...other } = summary({ ruleId: asRuleId('slow') });

describe('an acknowledgement of drift that goes on', () => {
  it('lasts as long as the drift has lasted, from ackTimeout up to a week', () => {
    expect(ackLasts([summary()], 4 * hour, hour)).toBe(4 * hour);
    expect(ackLasts([summary()], 4 * hour, 2 * day)).toBe(2 * day);
    expect(ackLasts([summary()], 4 * hour, 60 * day)).toBe(7 * day);
    expect(ackLasts([summary()], 14 * day, 60 * day)).toBe(14 * day);
  });

  it('counts from the newest alert that fires, whatever was before', () => {
    expect(ackLasts([summary(), summary({ since: 59 * day })], 4 * hour, 60 * day)).toBe(day);
    expect(ackLasts([summary(), summary({ since: 59 * day, state: 'resolved' })], 4 * hour, 60 * day)).toBe(7 * day);
  });

  it('lasts ackTimeout where anything else fires beside it, and where nothing does', () => {
    expect(ackLasts([summary(), other], 4 * hour, 60 * day)).toBe(4 * hour);
    expect(ackLasts([summary({ state: 'muted' })], 4 * hour, 60 * day)).toBe(4 * hour);
  });

  it('names the rule to accept, once, and nothing where other alerts fire', () => {
    expect(howDriftEnds([summary(), summary({ fingerprint: asFingerprint('b') })])).toContain('tocsin baseline accept moved');
    expect(howDriftEnds([summary(), summary({ fingerprint: asFingerprint('b') })]).match(/accept/g)).toHaveLength(1);
    expect(howDriftEnds([summary(), other])).toBe('');
  });
});
