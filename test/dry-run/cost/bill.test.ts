import { describe, expect, it } from 'vitest';
import { assume } from '../../../core/dry-run/cost/assumptions.ts';
import { billOf } from '../../../core/dry-run/cost/bill.ts';
import { prices } from '../../../core/dry-run/cost/prices.ts';
import { configOf, metric, onCloudwatch } from './configs.ts';

const postgresOf = (host: string) => ({ host, database: 'shop', user: 'reader' });
const quiet = assume({ activePercent: 0, incidentsAMonth: 0, recordsAMonth: 0 });

describe('the bill of a deployment that has nothing to do', () => {
  const { lines, usd } = billOf(configOf({}), quiet);
  const charged = Object.fromEntries(
    lines.map(({ what, quantity, usd: amount }) => [what, [quantity, Number(amount.toFixed(4))]]),
  );

  it('has these lines, worked out by hand', () => {
    // 730 hours are 43,800 minutes, in each of which evaluate and sweep start.
    expect(charged).toEqual({
      'evaluate: starts': [43_800, 0.0088],
      // 43,800 x 0.2 s x 1 GB x $0.0000133334
      'evaluate: time': [8760, 0.1168],
      'sweep: starts': [43_800, 0.0088],
      'sweep: time': [4380, 0.0584],
      // 30.8 units a minute: evaluate 5, sweep 23, and 14 of an audit each fifth time.
      'table: reads of evaluate and sweep': [expect.closeTo(1_349_040, 3), 0.1686],
      'table: state of Tocsin itself': [expect.closeTo(96_360, 3), 0.0602],
      // Five pollers at each of five queues, three times a minute.
      'queues: polling by Lambda': [3_285_000, 1.314],
      // 87,600 starts x 500 bytes
      'logs: taken in': [0.0438, 0.0219],
      'logs: kept for 90 days': [expect.closeTo(0.1314, 9), 0.0039],
      'alarms about Tocsin itself': [33, 3.3],
      'key of the topics, in its first year': [1, 1],
    });
  });

  it('comes to about six dollars', () => {
    expect(usd).toBeCloseTo(6.0614, 3);
  });
});

describe('the bill', () => {
  it('has a secret once, however often it is named', () => {
    const { lines } = billOf(configOf({}, { settings: { ingestKey: 'A_KEY', webPassword: 'A_KEY' } }), quiet);
    expect(lines.find(({ what }) => what === 'secrets')).toMatchObject({ quantity: 1, usd: 0.4 });
  });

  it('of an incident is dominated by nothing: thirty of them are less than ten cents', () => {
    const without = billOf(configOf({}), quiet).usd;
    const incidents = billOf(configOf({}), assume({ ...quiet, incidentsAMonth: 30 })).usd;
    expect(incidents - without).toBeGreaterThan(0);
    expect(incidents - without).toBeLessThan(0.1);
  });

  it('of questions to Athena has what they scan, once for rules that share a query', () => {
    const rule = (query: string, more: object = {}) => ({
      source: 'lake',
      query: { sql: { query: `${query} where t >= :from and t < :to` } },
      step: '1h',
      category: 'latency' as const,
      threshold: { below: { warn: 1 } },
      runbook: 'latency-spike',
      ...more,
    });
    const sources = {
      lake: { kind: 'sql' as const, athena: { database: 'shop' } },
      db: { kind: 'sql' as const, postgres: postgresOf('db') },
    };
    const rules = { a: rule('1'), b: rule('1'), c: rule('2'), d: rule('1', { source: 'db' }) };
    const scanned = (more: object) =>
      billOf(configOf(rules, { sources }), assume({ activePercent: 0, ...more })).lines.find(({ price }) => price === 'scanned');
    expect(scanned({})).toMatchObject({ quantity: 2 * 730, usd: expect.closeTo((2 * 730 * 5) / 1000, 9) });
    expect(scanned({ gigabytesScanned: 0 })).toMatchObject({ quantity: expect.closeTo(14.6, 9) });
  });

  it('of records has their requests, units and buckets', () => {
    const config = configOf(
      {
        volume: {
          source: 'flights',
          query: { predictions: { metric: 'count', over: '24h' } },
          step: '1h',
          category: 'pipeline',
          threshold: { below: { warn: 1 } },
          runbook: 'prediction-volume',
        },
      },
      { sources: { flights: { kind: 'predictions', model: 'flights' } } },
    );
    const lines = billOf(
      config,
      assume({ activePercent: 0, incidentsAMonth: 0, recordsAMonth: 1000, recordsARequest: 10 }),
    ).lines;
    const quantityOf = (what: string) => lines.find((line) => line.what === what)?.quantity;
    // 100 requests of predictions, and as many of labels.
    expect(quantityOf('ingest: starts')).toBe(200);
    // 100 x 2 x (mark + 5 buckets), and each prediction written twice at two units.
    expect(quantityOf('table: records, writes')).toBe(100 * 12 + 1000 * 4);
    // 90 days of hourly buckets of 500 bytes, for five series, and 45 days of an hourly judgement
    // of 300.
    expect(quantityOf('table: point-in-time recovery')).toBeCloseTo((5 * 45 * 24 * 300) / 1e9 + (5 * 2160 * 500) / 1e9, 12);
  });

  it('of OTLP has two items a metric, process and export, as ADR 0109 works it out', () => {
    const rule = (metric: string, more: object = {}) => ({
      source: 'otel',
      query: { otlp: { metric } },
      step: '1m',
      category: 'latency' as const,
      threshold: { above: { warn: 1 } },
      runbook: 'latency-spike',
      ...more,
    });
    const sources = { otel: { kind: 'otlp' as const, retain: '1d' } };
    const lines = (rules: Parameters<typeof configOf>[0], more: object = {}) =>
      billOf(
        configOf(rules, { sources }),
        assume({ activePercent: 0, incidentsAMonth: 0, recordsAMonth: 0, otlpProcesses: 1, ...more }),
      ).lines;
    const of = (what: string, all = lines({ a: rule('x'), b: rule('x') })) => all.find((line) => line.what === what);
    // An export a minute of one metric: four write units and two reads.
    expect(of('table: OTLP, writes')?.quantity).toBe(43_800 * 4);
    expect(of('table: OTLP, reads of ingest')?.quantity).toBe(43_800 * 2);
    expect((of('table: OTLP, writes')?.usd ?? 0) + (of('table: OTLP, reads of ingest')?.usd ?? 0)).toBeCloseTo(0.12, 2);
    expect(of('ingest: starts')?.quantity).toBe(43_800);
    expect(of('table: records, writes')).toBeUndefined();
    const fifty = lines(Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`r${n}`, rule(`m${n}`)])), {
      otlpProcesses: 50,
    });
    expect((of('table: OTLP, writes', fifty)?.usd ?? 0) + (of('table: OTLP, reads of ingest', fifty)?.usd ?? 0)).toBeCloseTo(
      60,
      -1,
    );
    // What nobody asks is not kept.
    expect(of('table: OTLP, writes', lines({}))).toBeUndefined();
    const seldom = lines({ a: rule('x') }, { otlpExportSeconds: 300 });
    expect(of('table: OTLP, writes', seldom)?.quantity).toBe((43_800 * 4) / 5);
  });

  it('of heartbeats has a read of each a tick, and their reports', () => {
    const heartbeats = {
      nightly: { schedule: '0 3 * * *', timezone: 'UTC', grace: '15m', runbook: 'job-late' },
      hourly: { every: '1h', grace: '15m', runbook: 'job-late' },
    };
    const lines = billOf(configOf({}, { heartbeats }), assume({ activePercent: 0, incidentsAMonth: 0, reportsARun: 2 })).lines;
    const of = (what: string) => lines.find((line) => line.what === what)?.quantity;
    // 730 hours have 31 times 3:00.
    const reports = 2 * (31 + 730);
    expect(of('ingest: starts')).toBe(reports);
    expect(of('table: heartbeats, reads')).toBe(43_800 * (1 + 2 * 2) + reports * 4);
    expect(of('table: heartbeats, writes')).toBe(43_800 + reports * 12);
  });

  it('is the sum of its lines, each at the price of its table', () => {
    const { lines, usd } = billOf(configOf({ one: onCloudwatch({ metric: metric('x') }) }), assume());
    expect(lines.reduce((sum, line) => sum + line.usd, 0)).toBeCloseTo(usd, 9);
    for (const { price, quantity, usd: amount } of lines)
      expect(amount).toBeCloseTo((quantity / prices[price].per) * prices[price].usd, 9);
    expect(lines.find(({ what }) => what === 'metrics that rules read')?.usd).toBeCloseTo(0.438, 9);
  });
});
