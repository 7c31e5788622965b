import { describe, expect, it } from 'vitest';
import type { Config } from '../../../core/config/schema.ts';
import { isAsking } from '../../../core/detection/rules/rule-schema.ts';
import { type Assumed, assume } from '../../../core/dry-run/cost/assumptions.ts';
import { recommendedCadence } from '../../../core/dry-run/cost/cadences.ts';
import { costReport } from '../../../core/dry-run/cost/report.ts';
import { scaledTo } from '../../../core/dry-run/cost/scaled.ts';
import { configOf, metric, minute, onCloudwatch } from './configs.ts';

const latency = { metric: metric('ModelLatency') };
const ruleOf = (more: Parameters<typeof onCloudwatch>[1]) => {
  const rule = configOf({ one: onCloudwatch(latency, more) }).rules['one'];
  if (rule === undefined || !isAsking(rule)) throw new Error('the rule is in the config');
  return rule;
};
const lag = 2 * minute;
const within = 15 * minute;

describe('a cadence is recommended', () => {
  const recommended = (more: Parameters<typeof onCloudwatch>[1], withinMs = within) =>
    recommendedCadence(ruleOf(more), lag, withinMs);

  it('as slow as N points reach back, and each minute while active', () => {
    expect(recommended({ for: '3/5' })).toEqual({ every: 5 * minute, whileActive: minute });
    expect(recommended({ for: '3/10' })).toEqual({ every: 10 * minute, whileActive: minute });
  });

  it('no slower than a breach may wait', () => {
    expect(recommended({ for: '3/10' }, 10 * minute)).toEqual({ every: 6 * minute, whileActive: minute });
    expect(recommended({ for: '3/5' }, 8 * minute)).toEqual({ every: 4 * minute, whileActive: minute });
  });

  it('as it is where each point counts', () => {
    expect(recommended({ for: '1/1' })).toEqual({ every: minute });
    expect(recommended({ step: '5m' })).toEqual({ every: 5 * minute });
  });

  it('faster while active for a rule that may miss what an alarm sees', () => {
    expect(recommended({ for: '4/5', every: '5m' })).toEqual({ every: 5 * minute, whileActive: minute });
  });

  it('as slow as the rule was wanted, though it may miss something', () => {
    expect(recommended({ for: '1/1', every: '30m' })).toMatchObject({ every: 30 * minute });
  });
});

const report = (config: Config, known: Partial<Assumed> = {}) => costReport(config, assume(known), within);

describe('a thousand rules of two bands', () => {
  const thousand = (more: Parameters<typeof onCloudwatch>[1]): Config =>
    scaledTo(configOf({ one: onCloudwatch(latency, more) }), 1000).config;

  it('asked each minute cost more than twice what their alarms do, and the report says so', () => {
    const { bill, alarms, recommended } = report(thousand({ for: '3/5' }));
    expect(alarms.usd).toBeCloseTo(200, 6);
    expect(bill.usd).toBeGreaterThan(438);
    expect(recommended.usd).toBeLessThan(100);
    expect(recommended.savingUsd).toBeCloseTo(bill.usd - recommended.usd, 9);
    expect(recommended.changes).toMatchObject([{ from: { every: minute }, to: { every: 5 * minute, whileActive: minute } }]);
  });

  it('asked each five minutes, and each minute while active, cost less than half, seen four minutes later at worst', () => {
    const { bill, options } = report(thousand({ for: '3/5', every: '5m', whileActive: '1m' }));
    expect(bill.usd).toBeLessThan(100);
    expect(options[0]).toMatchObject({ name: 'as configured', mayMiss: 0, later: { worst: 4 * minute } });
  });

  it('that have an alert for a tenth of the time cost more than half', () => {
    expect(report(thousand({ for: '3/5', every: '5m', whileActive: '1m' }), { activePercent: 10 }).bill.usd).toBeGreaterThan(100);
  });

  it('may miss short breaches when they are only asked each five minutes', () => {
    const { options } = report(thousand({ for: '3/5' }));
    expect(options.find(({ name }) => name === 'every 5 minutes')?.mayMiss).toBe(1000);
  });
});

describe('rules made after those of the config', () => {
  it('are on metrics of their own, and share what their originals share', () => {
    const config = configOf({
      mean: onCloudwatch({ metric: metric('ModelLatency') }, { step: '1h' }),
      tail: onCloudwatch({ metric: metric('ModelLatency', 'p99') }, { step: '1h' }),
      oneBand: onCloudwatch({ metric: metric('Errors') }, { threshold: { above: { critical: 1 } } }),
    });
    const { config: scaled, after } = scaledTo(config, 10);
    expect(after).toEqual(['mean', 'tail']);
    expect(Object.keys(scaled.rules)).toHaveLength(10);
    const metrics = report(scaled, { activePercent: 0 }).bill.lines.find(({ what }) => what === 'metrics that rules read');
    expect(metrics?.quantity).toBe(5 * 730);
  });

  it('are usual ones when there is none to copy', () => {
    const { config, after } = scaledTo(configOf({}, { sources: {} }), 3);
    expect(after).toEqual([]);
    expect(report(config).rules).toEqual({ all: 3, cloudwatch: 3 });
    expect(report(config).timings).toMatchObject([{ for: '3/5', every: 5 * minute, lag, rules: 3 }]);
  });
});

describe('the report', () => {
  it('says how many pages an answer has when a baseline looks far back', () => {
    const rolling = { direction: 'drop', baseline: { rolling: { window: '7d' } } } as const;
    const config = scaledTo(
      configOf({ one: onCloudwatch(latency, { step: '5m', threshold: undefined, degradation: rolling }) }),
      1000,
    ).config;
    // 2,016 points of the window and 4 that are judged or looked for, 500 queries a call, 100,800
    // points a page.
    expect(report(config).pages).toBe(11);
    expect(report(configOf({ one: onCloudwatch(latency) })).pages).toBe(1);
  });

  it('has nothing to set beside alarms without rules on CloudWatch', () => {
    expect(report(configOf({}))).toMatchObject({
      options: [],
      timings: [],
      alarms: { usd: 0 },
      recommended: { changes: [] },
      pages: 0,
    });
  });
});
