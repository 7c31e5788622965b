import { describe, expect, it } from 'vitest';
import { alarmBill } from '../../../core/dry-run/cost/alarms.ts';
import { assume } from '../../../core/dry-run/cost/assumptions.ts';
import { configOf, metric, onCloudwatch } from './configs.ts';

const bill = (...rules: Parameters<typeof onCloudwatch>[]) =>
  alarmBill(configOf(Object.fromEntries(rules.map((rule, n) => [`r${n}`, onCloudwatch(...rule)]))), assume({ sqlMetrics: 10 }));
const latency = { metric: metric('ModelLatency') };

describe('the same rules as alarms of CloudWatch', () => {
  it('cost ten cents a band, and a composite alarm for each pair that is not to ring twice', () => {
    const { alarms, usd, compositeUsd } = bill([latency]);
    expect({ alarms, compositeUsd }).toEqual({ alarms: 2, compositeUsd: 0.5 });
    expect(usd).toBeCloseTo(0.2, 9);
  });

  it('are one alarm where there is one band', () => {
    const one = bill([latency, { threshold: { below: { critical: 1 } } }]);
    expect({ alarms: one.alarms, usd: one.usd, compositeUsd: one.compositeUsd }).toEqual({
      alarms: 1,
      usd: 0.1,
      compositeUsd: 0,
    });
  });

  it('cost by the metrics of their math, the count among them', () => {
    const math = { expression: 'a / b', metrics: { a: metric('a'), b: metric('b') }, count: metric('b', 'SampleCount') };
    expect(bill([math])).toMatchObject({ alarms: 2, charged: { alarm: 6 } });
  });

  it('cost by the metrics that SQL scans', () => {
    expect(bill([{ sql: 'SELECT MAX(x) FROM "y" GROUP BY z' }])).toMatchObject({ alarms: 2, charged: { alarm: 20 } });
  });

  it('cost thrice as much below a minute, and with a baseline that moves', () => {
    expect(bill([latency, { step: '10s' }])).toMatchObject({ charged: { alarmHighResolution: 2 }, usd: 0.6 });
    const rolling = { direction: 'drop', baseline: { rolling: { window: '1h' } } } as const;
    expect(bill([latency, { threshold: undefined, degradation: rolling }])).toMatchObject({
      charged: { alarmAnomaly: 2 },
      usd: 0.6,
    });
  });

  it('cost as much with a fixed baseline as with a threshold', () => {
    const fixed = { direction: 'drop', baseline: { fixed: 0.8 } } as const;
    expect(bill([latency, { threshold: undefined, degradation: fixed }])).toMatchObject({ charged: { alarm: 2 } });
  });

  it('are two thousand for a thousand rules, $200', () => {
    const many = bill(...Array.from({ length: 1000 }, (): Parameters<typeof onCloudwatch> => [latency]));
    expect(many.alarms).toBe(2000);
    expect(many.usd).toBeCloseTo(200, 6);
  });
});
