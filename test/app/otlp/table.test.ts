import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedOtlp } from '../../../adapters/otlp/decoded.ts';
import { otlpIntoTable } from '../../../app/ingest/otlp/otlp-into-table.ts';
import type { OtlpBody, OtlpReceiver, OtlpTable } from '../../../app/ports/telemetry.ts';
import { otlpFromTable } from '../../../app/sources/otlp-in-table.ts';
import type { OtlpQuestion } from '../../../core/telemetry/otlp/answer.ts';
import { sourceKinds } from '../../../core/telemetry/sources/source.ts';
import { receiver } from '../../../local/otlp/receiver.ts';
import { telemetryFile } from '../../../stores/telemetry/index.ts';
import { memoryOtlpTable } from '../../contract/memory-otlp-table.ts';
import { otlpTableContract } from '../../contract/otlp-table.ts';
import { configOf } from '../../scenario/harness.ts';
import { recorded } from '../../telemetry/otlp/sent-bodies.ts';

describe('a table in memory', () => otlpTableContract(async () => memoryOtlpTable()));

const minute = 60_000;
const day = 86_400_000;
const metrics = ['calls', 'latency', 'load', 'churn.predictions', 'churn.rows.scored', 'churn.drift.psi', 'churn.score.exp'];

const config = configOf({
  sources: { apps: { kind: 'otlp', labels: { team: 'ml' } } },
  rules: Object.fromEntries(
    metrics.map((metric, n) => [
      `rule-${n}`,
      {
        source: 'apps',
        query: { otlp: { metric, statistic: metric === 'latency' || metric.endsWith('exp') ? 'count' : 'sum' } },
        category: 'latency',
        runbook: 'latency-spike',
        threshold: { above: { critical: 5 } },
      },
    ]),
  ),
});

type Pair = Pick<OtlpReceiver, 'take' | 'query'>;

/** What a deployment does: functions that have nothing in common but a table. */
function deployed(table: OtlpTable, now: () => number): Pair {
  const ports = { table, config, log: () => {} };
  return {
    // Each request may meet a container of its own.
    take: (body) => otlpIntoTable({ ...ports, decoded: decodedOtlp, now }).take(body),
    query: (source, questions) => otlpFromTable(ports).query(source, questions),
  };
}

function oneMachine(now: () => number, since = now()): Pair & { close(): void } {
  const file = telemetryFile({ path: ':memory:', now: since, onDamage: (what) => expect.unreachable(what) });
  const source = sourceKinds.otlp.schema.parse({ kind: 'otlp', labels: { team: 'ml' } });
  const own = receiver({ file, sources: { apps: source }, maxFuture: config.settings.maxFuture, now, log: () => {} });
  return { take: own.take, query: async (name, questions) => own.query(name, questions), close: own.close };
}

const question = (
  metric: string,
  statistic: string,
  { from, to, step }: { from: number; to: number; step: number },
  more: object = {},
): OtlpQuestion => ({
  query: sourceKinds.otlp.query.parse({ metric, statistic, ...more }),
  ...{ from, to, step },
});

const jsonBody = (resourceMetrics: object[]): OtlpBody => ({
  ...{ source: 'apps', format: 'json', isCompressed: false },
  bytes: new TextEncoder().encode(JSON.stringify({ resourceMetrics })),
});

const began = Date.UTC(2026, 10, 29, 4, 0);
const nanos = (at: number): string => `${at}000000`;

type Sent = { process: number; metric: 'calls' | 'latency' | 'load'; label: string; run: number; second: number; value: number };

/**
 * A point as its SDK sends it. Counts grow with time, so that a later point of a run is never below
 * an earlier one.
 */
function metricOf({ metric, label, run, second, value }: Sent): object {
  const [start, time] = [began + run * 1000, began + 60_000 + second * 1000];
  const point = {
    ...{ startTimeUnixNano: nanos(start), timeUnixNano: nanos(time) },
    attributes: label === '' ? [] : [{ key: 'label', value: { stringValue: label } }],
    exemplars: [{ traceId: String(second + 1).padStart(32, '0'), asDouble: value, timeUnixNano: nanos(time - 1) }],
  };
  if (metric === 'calls')
    return {
      name: metric,
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ ...point, asInt: second * 3 + run }] },
    };
  if (metric === 'load') return { name: metric, gauge: { dataPoints: [{ ...point, asDouble: value }] } };
  const counts = [second, second * 2];
  const histogram = { ...point, count: second * 3, sum: second * 5, explicitBounds: [0.1], bucketCounts: counts };
  return { name: metric, histogram: { aggregationTemporality: 2, dataPoints: [histogram] } };
}

const resourceMetrics = (sent: Sent): object => ({
  resource: {
    attributes: [
      { key: 'service.instance.id', value: { stringValue: `process-${sent.process}` } },
      { key: 'service.name', value: { stringValue: 'api' } },
    ],
  },
  scopeMetrics: [{ scope: { name: 'sdk' }, metrics: [metricOf(sent)] }],
});

const sent: fc.Arbitrary<Sent> = fc.record({
  process: fc.integer({ min: 0, max: 2 }),
  metric: fc.constantFrom('calls', 'latency', 'load'),
  label: fc.constantFrom('', 'a', 'b'),
  run: fc.integer({ min: 0, max: 2 }),
  second: fc.integer({ min: 0, max: 400 }),
  value: fc.integer({ min: -5, max: 5 }),
});

describe('OTLP in a deployment', () => {
  const now = (): number => began + 10 * minute;
  const span = { from: began, to: began + 12 * minute, step: minute };
  const questions = [
    ...['sum', 'rate'].map((statistic) => question('calls', statistic, span, { by: ['label'] })),
    ...['sum', 'count', 'p95'].map((statistic) => question('latency', statistic, span, { by: ['service.name'] })),
    ...['mean', 'max', 'last', 'count'].map((statistic) => question('load', statistic, span, { by: ['label'], over: '3m' })),
  ];
  /**
   * One machine also lists series without points, which it knows from before; here nobody remembers
   * them.
   */
  const bySeries = (answers: Awaited<ReturnType<Pair['query']>>): unknown =>
    answers.map((answer) =>
      answer.ok ? { ...answer, series: answer.series.filter(({ points }) => points.length > 0).toSorted(byLabels) } : answer,
    );
  const byLabels = (a: { labels: object }, b: { labels: object }): number =>
    JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1;

  it('is judged as on one machine, whatever is sent, and however it is put into requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.array(fc.array(sent, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
        async (isNew, requests) => {
          const table = memoryOtlpTable();
          const since = isNew ? now() : 0;
          await table.since('apps', since);
          const [there, here] = [deployed(table, now), oneMachine(now, since)];
          for (const request of requests) {
            const body = jsonBody(request.map(resourceMetrics));
            expect(await there.take(body)).toEqual(await here.take(body));
          }
          expect(bySeries(await there.query('apps', questions))).toEqual(bySeries(await here.query('apps', questions)));
          here.close();
        },
      ),
      { numRuns: 150 },
    );
  });

  it('counts each point once if requests of a process come at the same time, and come again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 8 }), async (seconds) => {
        const there = deployed(memoryOtlpTable(), now);
        const bodies = seconds.map((second) =>
          jsonBody([resourceMetrics({ process: 0, metric: 'load', label: '', run: 0, second, value: 1 })]),
        );
        const send = async (body: OtlpBody): Promise<void> => {
          while ((await there.take(body)).kind === 'later');
        };
        await Promise.all([...bodies, ...bodies].map(send));
        const [answer] = await there.query('apps', [
          question('load', 'count', { ...span, to: began + 20 * minute, step: 20 * minute }),
        ]);
        const total = answer?.ok === true ? answer.series[0]?.points.reduce((sum, { value }) => sum + value, 0) : undefined;
        expect(total).toBe(seconds.length);
      }),
      { numRuns: 50 },
    );
  });

  it('what real SDKs sent is judged as they counted it', async () => {
    const at = Date.UTC(2026, 10, 29, 5, 0);
    const there = deployed(memoryOtlpTable(), () => at);
    const here = oneMachine(() => at);
    for (const { name: _name, ...body } of recorded()) {
      const own = { source: 'apps', ...body };
      expect(await there.take(own)).toEqual({ kind: 'taken', rejected: 0, message: '' });
      await here.take(own);
    }
    const whole = { from: at - day, to: at + day, step: day };
    const asked = [
      question('churn.predictions', 'sum', whole, { by: ['service.name', 'outcome'], over: '1d' }),
      question('churn.drift.psi', 'max', whole, { over: '1d' }),
      question('churn.score.exp', 'p95', whole, { over: '1d' }),
    ];
    // A source that is new in this very moment counts runs from before from their first points on.
    const [sums] = await here.query('apps', asked);
    expect(sums).toMatchObject({ ok: true });
    const [, psi, score] = await there.query('apps', asked);
    expect([psi, score]).toEqual((await here.query('apps', asked)).slice(1));
    here.close();
  });

  it('does not keep what no rule asks for', async () => {
    const table = memoryOtlpTable();
    const there = deployed(table, now);
    const other = { name: 'nobody.asks', gauge: { dataPoints: [{ timeUnixNano: nanos(began), asDouble: 1 }] } };
    const body = jsonBody([{ scopeMetrics: [{ metrics: [other] }] }]);
    expect(await there.take(body)).toEqual({ kind: 'taken', rejected: 0, message: '' });
    expect(await there.query('apps', [question('nobody.asks', 'mean', span)])).toEqual([{ ok: true, series: [] }]);
  });

  it('refuses what cannot be read, and a bomb early', async () => {
    const there = deployed(memoryOtlpTable(), now);
    const send = (bytes: Uint8Array, isCompressed: boolean) =>
      there.take({ source: 'apps', format: 'protobuf', isCompressed, bytes });
    expect(await send(Buffer.from('plain'), false)).toMatchObject({ kind: 'refused', why: 'body' });
    expect(await send(gzipSync(Buffer.alloc(64 * 1024 * 1024)), true)).toMatchObject({ kind: 'refused', why: 'size' });
  });

  it('refuses points of a process that has too many sets of attributes, and says so', async () => {
    const there = deployed(memoryOtlpTable(), now);
    const dataPoints = Array.from({ length: 1200 }, (_, n) => ({
      ...{ timeUnixNano: nanos(began), asDouble: 1 },
      attributes: [{ key: 'user', value: { stringValue: String(n) } }],
    }));
    const body = jsonBody([{ scopeMetrics: [{ metrics: [{ name: 'load', gauge: { dataPoints } }] }] }]);
    expect(await there.take(body)).toMatchObject({
      kind: 'taken',
      rejected: 200,
      message: expect.stringContaining('1000 streams'),
    });
  });

  it('what somebody damaged in the table is begun anew, and the rest is judged', async () => {
    const table = memoryOtlpTable();
    const faults: string[] = [];
    const spoiled: OtlpTable = {
      ...table,
      streams: async (key) => {
        const kept = await table.streams(key);
        return kept === undefined ? undefined : { ...kept, body: '{' };
      },
      async *buckets(of, from, to) {
        for await (const page of table.buckets(of, from, to)) yield [...page, { start: began, body: 'rubbish' }];
      },
    };
    const there = deployed(spoiled, now);
    const load = (second: number): OtlpBody =>
      jsonBody([resourceMetrics({ process: 0, metric: 'load', label: '', run: 0, second, value: 2 })]);
    await there.take(load(1));
    await there.take(load(2));
    const asked = otlpFromTable({ table: spoiled, config, log: (_level, message) => void faults.push(message) });
    expect(await asked.query('apps', [question('load', 'sum', span)])).toMatchObject([
      { ok: true, series: [{ points: [{ value: 4 }] }] },
    ]);
    expect(faults).toEqual(['buckets of OTLP metrics cannot be read, and are left out']);
  });
});
