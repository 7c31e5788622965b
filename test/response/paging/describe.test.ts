import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeNumbers, describeState, pageLines } from '../../../core/response/paging/describe.ts';
import { formatUtc, formatValue } from '../../../core/vocabulary/format.ts';
import { exampleAlert, exampleHeld, examplePage } from '../../contract/example-page.ts';

describe('a page in words', () => {
  it.each([
    [0, '0'],
    [0.7123456, '0.7123'],
    [1234.5, '1235'],
    [-0.05, '-0.05'],
    [0.000012, '1.20e-5'],
    [3.2e15, '3.20e+15'],
    [Number.NaN, 'NaN'],
  ])('writes the value %d as %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  it('writes finite values so that they read back within half a percent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
        expect(Math.abs(Number(formatValue(value)) - value)).toBeLessThanOrEqual(Math.abs(value) * 0.005);
      }),
    );
  });

  it('writes times in UTC', () => {
    expect(formatUtc(Date.UTC(2026, 0, 5, 9, 0, 0))).toBe('2026-01-05 09:00 UTC');
    expect(formatUtc(Date.UTC(2026, 0, 5, 9, 0, 7))).toBe('2026-01-05 09:00:07 UTC');
  });

  it('tells how much worse or better than which baseline', () => {
    const fixed = { kind: 'fixed', value: 0.8 } as const;
    expect(describeNumbers(exampleAlert({ baseline: fixed }))).toBe(
      'value 0.71, 11.3% worse than the fixed baseline 0.8, critical bound 0.72',
    );
    expect(describeNumbers(exampleAlert({ baseline: fixed, degradation: -0.02, bound: undefined }))).toBe(
      'value 0.71, 2% better than the fixed baseline 0.8',
    );
    expect(describeNumbers(exampleAlert({ value: undefined, baseline: undefined, bound: undefined }))).toBe('');
  });

  it('tells who has it or ended it', () => {
    expect(describeState(examplePage())).toBe('CRITICAL');
    expect(describeState(examplePage({ flapping: 'fired 4 times in 36m' }))).toBe('CRITICAL, flapping');
    expect(describeState(examplePage({ severity: 'warn', status: 'acknowledged', acknowledgedBy: 'responder/ana' }))).toBe(
      'WARN, acknowledged by responder/ana',
    );
    expect(describeState(examplePage({ status: 'resolved', resolvedBy: 'tocsin' }))).toBe('CRITICAL, resolved by tocsin');
  });

  it('has everything a person needs as plain lines', () => {
    const page = examplePage({
      alertCount: 3,
      held: [exampleHeld()],
      alerts: [exampleAlert({ state: 'muted', muted: { by: 'silence', text: 'silence sil-1' } })],
    });
    expect(pageLines(page).join('\n')).toBe(`CRITICAL: Accuracy of flight delays (flight-delays, production)
Why this page: triggered, a critical alert fired
Since: 2026-01-05 08:00:30 UTC (1h)
Category: performance
To: responder/ana (tier 1)
Owner: team-ml

Accuracy of flight delays [critical, muted: silence sil-1]
  model=flight-delays, environment=production
  value 0.71, 11.3% worse than the baseline 0.8 (median of 40 points over 1d), critical bound 0.72
  accuracy 0.71 is 11.3% below the baseline 0.8 (critical from 10%), 3 of 5 points

and 2 more alerts

Rollback flight-delays: offered: return from 2 to 1

Held back until now: 1 other page, all critical:
  critical Latency of flight delays: triggered, a critical alert fired (inc-9876543210)

Runbook: http://127.0.0.1:4319/runbooks/accuracy-drop
Incident inc-0123456789: http://127.0.0.1:4319/incidents/inc-0123456789`);
  });
});
