import { describe, expect, it } from 'vitest';
import { assume } from '../../../core/dry-run/cost/assumptions.ts';
import { metricsRequested } from '../../../core/dry-run/cost/metrics-requested.ts';
import { configOf, metric, onCloudwatch } from './configs.ts';

/** 730 hours. */
const minutesAMonth = 43_800;
const never = assume({ activePercent: 0 });

describe('metrics that are asked for in a month', () => {
  it('are one each minute for a rule that does not say otherwise', () => {
    const config = configOf({ one: onCloudwatch({ metric: metric('ModelLatency') }) });
    expect(metricsRequested(config, never)).toEqual({ metrics: minutesAMonth, calls: minutesAMonth, evaluations: minutesAMonth });
  });

  it('are a fifth of that every five minutes, though the points are a minute apart', () => {
    const config = configOf({ one: onCloudwatch({ metric: metric('ModelLatency') }, { every: '5m' }) });
    expect(metricsRequested(config, never).metrics).toBe(8760);
  });

  it('are never more than one each minute, for so often does the deployed tick come', () => {
    const config = configOf({ one: onCloudwatch({ metric: metric('Custom') }, { step: '10s' }) });
    expect(metricsRequested(config, never).metrics).toBe(minutesAMonth);
  });

  it('are all inputs of metric math, and the count beside them', () => {
    const config = configOf({
      one: onCloudwatch(
        {
          expression: 'failed / calls',
          metrics: { failed: metric('Invocation5XXErrors', 'Sum'), calls: metric('Invocations', 'Sum') },
          count: metric('Requests', 'Sum'),
        },
        { step: '1h' },
      ),
    });
    expect(metricsRequested(config, never).metrics).toBe(3 * 730);
  });

  it('are one for up to five statistics of a metric that are asked for together', () => {
    const statistics = ['Average', 'Maximum', 'p50', 'p90', 'p99', 'p99.9'];
    const rulesFor = (names: string[]) =>
      Object.fromEntries(
        names.map((name, n) => [`r${n}`, onCloudwatch({ metric: metric('ModelLatency', name) }, { step: '1h' })]),
      );
    expect(metricsRequested(configOf(rulesFor(statistics.slice(0, 5))), never).metrics).toBe(730);
    expect(metricsRequested(configOf(rulesFor(statistics)), never).metrics).toBe(2 * 730);
  });

  it('are not shared by rules that are asked at other times, or look back for longer', () => {
    const latency = { metric: metric('ModelLatency') };
    const config = configOf({
      a: onCloudwatch(latency, { step: '1h' }),
      b: onCloudwatch(latency, { step: '1h', every: '2h' }),
      c: onCloudwatch(latency, { step: '1h', for: '3/24' }),
    });
    expect(metricsRequested(config, never).metrics).toBe(730 + 365 + 730);
  });

  it('of a SQL query are as many as it is taken to scan', () => {
    const sql = onCloudwatch({ sql: 'SELECT MAX(x) FROM "y" GROUP BY z' }, { step: '1h' });
    expect(metricsRequested(configOf({ sql }), assume({ activePercent: 0, sqlMetrics: 40 })).metrics).toBe(40 * 730);
  });

  it('of a rule that is asked more often while it is active are those of both, by the share of time', () => {
    const config = configOf({ one: onCloudwatch({ metric: metric('ModelLatency') }, { every: '5m', whileActive: '1m' }) });
    const requested = metricsRequested(config, assume({ activePercent: 10 }));
    // 0.9 of 8,760, and 0.1 of 43,800.
    expect(requested.metrics).toBeCloseTo(7884 + 4380, 6);
    expect(requested.evaluations).toBeCloseTo(7884 + 4380, 6);
  });

  it('are none for a config without rules on CloudWatch', () => {
    expect(metricsRequested(configOf({}), never)).toEqual({ metrics: 0, calls: 0, evaluations: 0 });
  });

  it('go 500 queries to a call', () => {
    const rules = Object.fromEntries(
      Array.from({ length: 501 }, (_, n) => [`r${n}`, onCloudwatch({ metric: metric('x', 'Sum', `e${n}`) }, { step: '1h' })]),
    );
    expect(metricsRequested(configOf(rules), never)).toEqual({ metrics: 501 * 730, calls: 2 * 730, evaluations: 501 * 730 });
  });
});

describe('an assumption', () => {
  it('that is no number from 0 is refused', () => {
    expect(() => assume({ sqlMetrics: -1 })).toThrow(/expected sqlMetrics to be a number from 0; received -1/);
    expect(() => assume({ activePercent: 101 })).toThrow(/at most 100; received 101/);
  });
});
