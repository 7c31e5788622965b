import { describe, expect, it } from 'vitest';
import { driftRule, withoutDrift } from '../../../bench/false-alarms.ts';
import { falseAlarms, ruleOf } from '../../../bench/proportions.ts';
import { assumedSeries, expectedAlarms } from '../../../core/detection/evidence/expected-alarms.ts';

const between = (value: number, low: number, high: number): void => {
  expect(value).toBeGreaterThan(low);
  expect(value).toBeLessThan(high);
};

describe('the false alarms to expect are what a simulation of the rule itself finds, within a factor of two', () => {
  it.each([
    ['the bands alone', ruleOf({ recover: '100%' }), 200, 8],
    ['M of N', ruleOf({ for: '3/5' }), 200, 12],
    ['an interval', ruleOf({ for: '1/1', samples: { confidence: '80%' } }), 100, 16],
  ])('by %s', (_, rule, perDay, months) => {
    const { simulated, expected } = falseAlarms(rule, perDay, { months, together: 1, seed: 3 });
    expect(simulated * months).toBeGreaterThan(10);
    between(expected / simulated, 0.5, 2);
  });

  it('of several series tested side by side', () => {
    const rule = ruleOf({ for: '1/1', samples: { confidence: '50%' } });
    const { simulated, expected } = falseAlarms(rule, 60, { months: 4, together: 5, seed: 4 });
    expect(simulated * 4).toBeGreaterThan(10);
    between(expected / simulated, 0.5, 2);
  });

  it('of drift', () => {
    const { evidence, expected, months } = withoutDrift(driftRule({ falseDiscovery: '30%' }), 150, 1, 60);
    expect(evidence).toBeGreaterThan(8);
    between(expected / (evidence / months), 0.5, 2);
  });
});

it('keeps a budget also where the true value lies at the bound all the time', () => {
  const fixed = { direction: 'drop', baseline: { fixed: 0.8 } } as const;
  const rule = ruleOf({ degradation: fixed, for: '3/5', falseAlarms: '3/month' });
  const { simulated } = falseAlarms(rule, 500, { months: 12, together: 1, seed: 5, truth: 0.76 });
  between(simulated, 0.3, 3.6);
});

describe('what cannot be expected', () => {
  it.each([
    [{ anomaly: {}, degradation: undefined }, 'as docs/anomaly.md measures'],
    [{ absence: { warn: '2h' }, degradation: undefined }, 'silence does not come by chance'],
  ])('says so', (more, reason) => {
    expect(expectedAlarms(ruleOf(more), [{ count: 100, value: 0.8 }])).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });

  it('says that values are no proportions, or have not been seen', () => {
    const rule = ruleOf({ samples: { confidence: '95%' } });
    expect(expectedAlarms(rule, [{ count: 100, value: 17 }, { value: 0.5 }])).toMatchObject({ ok: false });
    expect(expectedAlarms(rule, [])).toMatchObject({ ok: false, reason: expect.stringContaining('no recorded values') });
  });

  it('assumes a series of 80 %, and one for each feature that drift compares', () => {
    expect(assumedSeries(ruleOf({ samples: { minCount: 500 } }), undefined)).toEqual([
      { count: 500, value: 0.8, baseline: { kind: 'fixed', value: 0.8 } },
    ]);
    expect(assumedSeries(driftRule(), { kind: 'predictions', features: ['a', 'b'] } as never)).toHaveLength(2);
    expect(assumedSeries(ruleOf({ degradation: undefined, threshold: { above: { warn: 1 } } }), undefined)).toEqual([]);
  });
});
