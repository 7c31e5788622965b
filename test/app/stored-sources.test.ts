import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldPredictions, foldSamples } from '../../app/ingest/ingest.ts';
import { type SourceResult, sourceOf } from '../../app/ports/source.ts';
import type { Store } from '../../app/ports/store.ts';
import { predictionsSource, samplesSource } from '../../app/sources/stored-sources.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import type { AskingRule } from '../../core/detection/rules/rule-schema.ts';
import type { PredictionRecord, SampleRecord } from '../../core/telemetry/samples/records.ts';
import type { Series } from '../../core/telemetry/series.ts';
import { ruleEntries } from '../../core/vocabulary/ids.ts';
import { hour, minute, predictionAt, type Runtime, runtimeOf, t0 } from './runtime.ts';

type RuleInput = NonNullable<ConfigInput['rules']>[string];

const common = { category: 'performance', runbook: 'a', threshold: { above: { warn: 1e9 } } } as const;
const predictionRule = (query: object, more: object = {}): RuleInput =>
  ({ ...common, source: 'flights', step: '1h', query: { predictions: { over: '1h', ...query } }, ...more }) as RuleInput;
const sampleRule = (query: object, more: object = {}): RuleInput =>
  ({ ...common, source: 'pushed', step: '1m', query: { samples: { metric: 'latency', ...query } }, ...more }) as RuleInput;

const sources: ConfigInput['sources'] = {
  flights: { kind: 'predictions', model: 'flight-delays', labels: { environment: 'test' } },
  pushed: { kind: 'samples', labels: { environment: 'test' } },
};

/** Asks all rules of a source at once for the points in (from, to]. */
async function ask({ ports }: Runtime, from: number, to: number): Promise<SourceResult[]> {
  const requests = ruleEntries(ports.config.rules).map(([ruleId, rule]) => ({ ruleId, rule: rule as AskingRule, from, to }));
  const name = requests[0]?.rule.source ?? '';
  const source = ports.config.sources[name];
  if (source === undefined) throw new Error(`no source ${name}`);
  const found = sourceOf(ports.sources, name, source);
  if (found instanceof Error) throw found;
  return found.source.query(name, found.config, requests, to);
}

const seriesOf = (result: SourceResult | undefined): Series[] => {
  if (result?.ok !== true) throw new Error(`expected series; received ${JSON.stringify(result)}`);
  return result.series;
};
const valuesOf = (series: Series | undefined): [number, number, number | undefined][] =>
  (series?.points ?? []).map(({ at, value, count }) => [(at - t0) / hour, value, count]);

const prediction = (at: number, more: Partial<PredictionRecord> = {}): PredictionRecord =>
  predictionAt(at, { version: 'a', ...more });

let batch = 0;
const fold = ({ ports }: Runtime, records: PredictionRecord[], now = t0 + 100 * hour) =>
  foldPredictions(ports, 'flights', records, `batch ${batch++}`, now);
const foldValues = (
  { ports }: Runtime,
  values: [at: number, value: number, labels?: Record<string, string>][],
  now = t0 + 100 * hour,
) => {
  const records = values.map(([timestamp, value, labels]): SampleRecord => ({ metric: 'latency', timestamp, value, labels }));
  return foldSamples(ports, 'pushed', records, `batch ${batch++}`, now);
};

describe('a point of predictions', () => {
  it('summarises the buckets of the span that ends with it, and its count is the records behind it', async () => {
    const run = runtimeOf({ sources, rules: { accuracy: predictionRule({ metric: 'accuracy', over: '2h' }) } });
    await fold(run, [
      prediction(t0, { label: 1 }),
      prediction(t0 + 59 * minute, { label: 0 }),
      prediction(t0 + hour, { label: 1 }),
      prediction(t0 + hour, {}),
    ]);
    const [series] = seriesOf((await ask(run, t0, t0 + 4 * hour))[0]);
    expect(series?.labels).toEqual({ model: 'flight-delays', environment: 'test' });
    expect(valuesOf(series)).toEqual([
      [1, 0.5, 2],
      [2, 2 / 3, 3],
      [3, 1, 1],
    ]);
  });

  it('gives a record stamped at the end of a span to the next one', async () => {
    const run = runtimeOf({ sources, rules: { volume: predictionRule({ metric: 'count' }) } });
    await fold(run, [prediction(t0 - hour), prediction(t0 + hour)]);
    expect(valuesOf(seriesOf((await ask(run, t0, t0 + 3 * hour))[0])[0])).toEqual([
      [1, 0, 0],
      [2, 1, 1],
      [3, 0, 0],
    ]);
  });

  it('merges the versions unless they are asked for one by one', async () => {
    const rules = {
      merged: predictionRule({ metric: 'accuracy' }),
      each: predictionRule({ metric: 'accuracy', by: ['version'] }),
      one: predictionRule({ metric: 'accuracy', version: 'b' }),
    };
    const run = runtimeOf({ sources, rules });
    await fold(run, [
      prediction(t0, { label: 1 }),
      prediction(t0, { version: 'b', label: 0 }),
      prediction(t0, { version: undefined, label: 0 }),
    ]);
    const [merged, each, one] = (await ask(run, t0, t0 + hour)).map(seriesOf);
    expect(merged?.map(valuesOf)).toEqual([[[1, 1 / 3, 3]]]);
    expect(each?.map(({ labels }) => labels.version)).toEqual([undefined, 'a', 'b']);
    expect(each?.map(valuesOf)).toEqual([[[1, 0, 1]], [[1, 1, 1]], [[1, 0, 1]]]);
    expect(one?.map(valuesOf)).toEqual([[[1, 0, 1]]]);
    expect(one?.[0]?.labels).toEqual({ model: 'flight-delays', environment: 'test' });
  });

  it('leaves out a version that has been replaced before the range', async () => {
    const run = runtimeOf({ sources, rules: { each: predictionRule({ metric: 'count', by: ['version'] }) } });
    await fold(run, [prediction(t0 - 10 * hour, { version: 'old' }), prediction(t0, { version: 'new' })]);
    expect(seriesOf((await ask(run, t0, t0 + hour))[0]).map(({ labels }) => labels.version)).toEqual(['new']);
  });

  it('gives null rates a feature, also of features called like members of every object', async () => {
    const rules = {
      all: predictionRule({ metric: 'null_rate' }),
      some: predictionRule({ metric: 'null_rate', features: ['age'] }),
    };
    const run = runtimeOf({ sources: { flights: { kind: 'predictions', model: 'flight-delays', features: ['must'] } }, rules });
    const features = JSON.parse('{"age": null, "constructor": 1, "__proto__": null}') as PredictionRecord['features'];
    await fold(run, [prediction(t0, { features }), prediction(t0, { features: { age: 3, must: 1 } })]);
    const [all, some] = (await ask(run, t0, t0 + hour)).map(seriesOf);
    expect(all?.map(({ labels, points }) => [labels.feature, points[0]?.value, points[0]?.count])).toEqual([
      ['__proto__', 1, 1],
      ['age', 0.5, 2],
      ['constructor', 0, 1],
      ['must', 0.5, 2],
    ]);
    expect(some?.map(({ labels }) => labels.feature)).toEqual(['age']);
  });

  it('gives positive rate, mean score and labelled records', async () => {
    const rules = {
      positive: predictionRule({ metric: 'positive_rate' }),
      score: predictionRule({ metric: 'score_mean' }),
      labelled: predictionRule({ metric: 'labelled' }),
    };
    const run = runtimeOf({ sources, rules });
    await fold(run, [prediction(t0, { score: 0.5 }), prediction(t0, { prediction: 0, score: 1, label: 0 }), prediction(t0)]);
    const results = (await ask(run, t0, t0 + hour)).map((result) => valuesOf(seriesOf(result)[0]));
    expect(results).toEqual([[[1, 2 / 3, 3]], [[1, 0.75, 2]], [[1, 1, 1]]]);
  });
});

describe('silence', () => {
  it('is no point, but a count of 0 from the first record on', async () => {
    const run = runtimeOf({
      sources,
      rules: { volume: predictionRule({ metric: 'count' }), score: predictionRule({ metric: 'positive_rate' }) },
    });
    await fold(run, [prediction(t0 + 2 * hour)]);
    const [volume, rate] = (await ask(run, t0, t0 + 5 * hour)).map((result) => valuesOf(seriesOf(result)[0]));
    expect(volume).toEqual([
      [3, 1, 1],
      [4, 0, 0],
      [5, 0, 0],
    ]);
    expect(rate).toEqual([[3, 1, 1]]);
  });

  it('counts 0 throughout where the records came before the range', async () => {
    const run = runtimeOf({ sources, rules: { volume: predictionRule({ metric: 'count' }) } });
    await fold(run, [prediction(t0 - 50 * hour)]);
    expect(valuesOf(seriesOf((await ask(run, t0, t0 + 2 * hour))[0])[0])).toEqual([
      [1, 0, 0],
      [2, 0, 0],
    ]);
  });

  it('says nothing of the volume of a span that began before the first record', async () => {
    const run = runtimeOf({ sources, rules: { volume: predictionRule({ metric: 'count', over: '3h' }) } });
    await fold(run, [prediction(t0 + hour), prediction(t0 + 4 * hour)]);
    expect(valuesOf(seriesOf((await ask(run, t0, t0 + 6 * hour))[0])[0])).toEqual([
      [4, 1, 1],
      [5, 1, 1],
      [6, 1, 1],
    ]);
  });

  it('of a source without any record gives no series at all', async () => {
    const run = runtimeOf({ sources, rules: { volume: predictionRule({ metric: 'count' }) } });
    expect(await ask(run, t0, t0 + hour)).toEqual([{ ok: true, series: [] }]);
  });
});

describe('points of samples', () => {
  it.each([
    ['mean', 20],
    ['sum', 60],
    ['min', 5],
    ['max', 40],
    ['count', 3],
    ['last', 15],
  ])('give the %s of their span', async (statistic, expected) => {
    const run = runtimeOf({ sources, rules: { a: sampleRule({ statistic, over: '3m' }) } });
    await foldValues(run, [
      [t0 - 5 * minute, 1],
      [t0, 40],
      [t0 + minute, 5],
      [t0 + 2 * minute, 15],
    ]);
    const [series] = seriesOf((await ask(run, t0 + 2 * minute, t0 + 3 * minute))[0]);
    expect(series?.points).toEqual([{ at: t0 + 3 * minute, value: expected, count: 3 }]);
  });

  it('come as one series for each set of labels that matches', async () => {
    const rules = {
      all: sampleRule({}),
      one: sampleRule({ match: { host: 'b' } }),
      some: sampleRule({ match: { host: ['a', 'c'], environment: 'test' } }),
      without: sampleRule({ match: { zone: '' } }),
      none: sampleRule({ match: { host: 'z' } }),
    };
    const run = runtimeOf({ sources, rules });
    await foldValues(run, [
      [t0, 1, { host: 'a' }],
      [t0, 2, { host: 'b' }],
      [t0, 3, { host: 'c', zone: 'x' }],
    ]);
    const hosts = (await ask(run, t0, t0 + minute)).map((result) => seriesOf(result).map(({ labels }) => labels.host));
    expect(hosts).toEqual([['a', 'b', 'c'], ['b'], ['a', 'c'], ['a', 'b'], []]);
  });

  it('carry the labels that the source has now, and go on where the old ones ended', async () => {
    const run = runtimeOf({ sources, rules: { a: sampleRule({}, { step: '2m' }) } });
    await foldValues(run, [[t0, 1, { host: 'a' }]]);
    const renamed = runtimeOf(
      {
        sources: { pushed: { kind: 'samples', labels: { environment: 'production' } } },
        rules: { a: sampleRule({}, { step: '2m' }) },
      },
      { store: run.ports.store },
    );
    await foldValues(renamed, [[t0 + minute, 3, { host: 'a' }]]);
    const series = seriesOf((await ask(renamed, t0, t0 + 2 * minute))[0]);
    expect(series).toEqual([
      { labels: { host: 'a', environment: 'production' }, points: [{ at: t0 + 2 * minute, value: 2, count: 2 }] },
    ]);
  });

  it('keep their precision after a huge value has left the span', async () => {
    const run = runtimeOf({ sources, rules: { a: sampleRule({ statistic: 'sum', over: '2m' }) } });
    await foldValues(run, [
      [t0, 1e100],
      [t0 + minute, 0.1],
      [t0 + 2 * minute, 0.2],
      [t0 + 3 * minute, 0.3],
    ]);
    const [series] = seriesOf((await ask(run, t0, t0 + 4 * minute))[0]);
    expect(series?.points.map(({ value }) => value)).toEqual([1e100, 1e100, 0.1 + 0.2, 0.2 + 0.3]);
  });
});

describe('a question that cannot be answered', () => {
  it('is refused with the reason, and the others are answered', async () => {
    const rules = {
      short: predictionRule({ metric: 'count', over: '30m' }),
      fine: predictionRule({ metric: 'count' }),
      endless: predictionRule({ metric: 'count' }, { step: '1ms' }),
    };
    const run = runtimeOf({ sources, rules });
    await fold(run, [prediction(t0)]);
    const [short, fine, endless] = await ask(run, t0, t0 + hour);
    expect(short).toEqual({
      ok: false,
      error: expect.stringMatching(/^rule short: expected `over` to be at least .* received 1800000 ms/),
    });
    expect(fine?.ok).toBe(true);
    expect(endless).toEqual({
      ok: false,
      error: expect.stringMatching(/at most 200000 points a series; received a rule that asks for 3600000/),
    });
  });

  it('takes the whole buckets that fit where spans are no multiples of them', async () => {
    const run = runtimeOf({ sources, rules: { a: predictionRule({ metric: 'count', over: '90m' }, { step: '30m' }) } });
    await fold(run, [prediction(t0 - 3 * hour), prediction(t0), prediction(t0 + hour), prediction(t0 + hour)]);
    expect(valuesOf(seriesOf((await ask(run, t0 + hour - 1, t0 + 2.5 * hour))[0])[0])).toEqual([
      [1, 1, 1],
      [1.5, 1, 1],
      [2, 2, 2],
      [2.5, 2, 2],
    ]);
  });

  it('reads no more series than maxSeries, those that came first, and says which it leaves out', async () => {
    const run = runtimeOf({ sources, rules: { a: sampleRule({}, { maxSeries: 2 }) } });
    await foldValues(run, [
      [t0, 3, { host: 'c' }],
      [t0, 1, { host: 'a' }],
      [t0, 2, { host: 'b' }],
      [t0, 4, { host: 'd' }],
    ]);
    const [result] = await ask(run, t0, t0 + minute);
    const labelled = (host: string) => expect.objectContaining({ host });
    expect(result).toMatchObject({ ok: true, cut: { count: 2, examples: [labelled('b'), labelled('d')] } });
    expect(seriesOf(result).map(({ labels }) => labels.host)).toEqual(['c', 'a']);
  });
});

describe('rules on the same series', () => {
  it('read its buckets once', async () => {
    const rules = {
      a: predictionRule({ metric: 'accuracy' }),
      b: predictionRule({ metric: 'accuracy', over: '24h' }),
      c: predictionRule({ metric: 'null_rate', by: ['version'] }),
    };
    const run = runtimeOf({ sources, rules });
    await fold(run, [prediction(t0, { label: 1 }), prediction(t0, { version: 'b' })]);
    const read: string[] = [];
    const store: Store = {
      ...run.ports.store,
      buckets(reads) {
        read.push(...reads.map(({ series }) => series.labels.version ?? ''));
        return run.ports.store.buckets(reads);
      },
    };
    const watched = runtimeOf(
      { sources, rules },
      { sources: { ...run.ports.sources, predictions: predictionsSource(store), samples: samplesSource(store) } },
    );
    await ask(watched, t0, t0 + hour);
    expect(read.sort()).toEqual(['a', 'b']);
  });
});

describe('any span over any samples', () => {
  const samples = fc.array(fc.record({ at: fc.integer({ min: 0, max: 30 }), value: fc.integer({ min: -50, max: 50 }) }), {
    maxLength: 40,
  });
  it('gives what adding up its samples gives', async () => {
    await fc.assert(
      fc.asyncProperty(samples, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 }), async (given, over, step) => {
        const statistics = ['mean', 'sum', 'min', 'max', 'last'] as const;
        const rules = Object.fromEntries(
          statistics.map((statistic) => [statistic, sampleRule({ statistic, over: `${over}m` }, { step: `${step}m` })]),
        );
        const run = runtimeOf({ sources, rules });
        // The last sample of a minute is the last one given, as it would be by its time.
        await foldValues(
          run,
          given.map(({ at, value }, i) => [t0 + at * minute + i, value]),
        );
        const results = await ask(run, t0, t0 + 30 * minute);
        for (const [index, statistic] of statistics.entries()) {
          const expected: [number, number, number][] = [];
          const first = (Math.floor(t0 / (step * minute)) + 1) * step * minute;
          for (let at = first; at <= t0 + 30 * minute; at += step * minute) {
            const within = given
              .map(({ at: place, value }, i) => ({ at: t0 + place * minute + i, value }))
              .filter((one) => one.at >= at - over * minute && one.at < at)
              .sort((a, b) => a.at - b.at)
              .map(({ value }) => value);
            if (within.length === 0) continue;
            const sum = within.reduce((a, b) => a + b, 0);
            const value = {
              mean: sum / within.length,
              sum,
              min: Math.min(...within),
              max: Math.max(...within),
              last: within.at(-1) ?? 0,
            }[statistic];
            expected.push([at, value, within.length]);
          }
          expect(
            seriesOf(results[index]).flatMap(({ points }) => points.map(({ at, value, count }) => [at, value + 0, count])),
          ).toEqual(expected.map(([at, value, count]) => [at, value + 0, count]));
        }
        await run.ports.store.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe('a ratio of samples', () => {
  const ratio = { of: { metric: 'failed' }, over: { metric: 'asked' } };
  const send = ({ ports }: Runtime, values: [metric: string, value: number, labels: Record<string, string>][]) =>
    foldSamples(
      ports,
      'pushed',
      values.map(([metric, value, labels]): SampleRecord => ({ metric, timestamp: t0, value, labels })),
      `ratio ${batch++}`,
      t0 + 100 * hour,
    );
  const rulesOf = (...asked: object[]) =>
    Object.fromEntries(asked.map((query, n) => [`r${n}`, sampleRule({ metric: undefined, ...query })]));
  const sent = async (runtime: Runtime) => {
    await send(runtime, [
      ['asked', 10, { service: 'a', zone: '1' }],
      ['asked', 30, { service: 'a', zone: '2' }],
      ['asked', 5, { service: 'b', zone: '1' }],
      ['failed', 4, { service: 'a', zone: '2' }],
      ['failed', 1, { service: 'c', zone: '1' }],
    ]);
    return ask(runtime, t0, t0 + minute);
  };
  const shown = (result: SourceResult | undefined) =>
    seriesOf(result).map(({ labels: { environment: _, ...labels }, points }) => [
      Object.values(labels).join(' '),
      ...points.map(({ value, refused }) => refused ?? value),
    ]);

  it('divides series of equal labels, or adds up those of equal labels in `by` first', async () => {
    const runtime = runtimeOf({ sources, rules: rulesOf({ ratio }, { ratio: { ...ratio, by: ['service'] } }) });
    const [each, added] = await sent(runtime);
    const refused = 'not judged: asked has no samples in this span, and failed is 1';
    expect(shown(each).sort()).toEqual([
      ['a 1', 0],
      ['a 2', 4 / 30],
      ['b 1', 0],
      ['c 1', refused],
    ]);
    expect(shown(added).sort()).toEqual([
      ['a', 0.1],
      ['b', 0],
      ['c', refused],
    ]);
  });

  it('divides parts of one metric', async () => {
    const part = { of: { metric: 'asked', match: { zone: '2' } }, over: { metric: 'asked' }, by: ['service'], proportion: true };
    const [result] = await sent(runtimeOf({ sources, rules: rulesOf({ ratio: part }) }));
    expect(shown(result).sort()).toEqual([
      ['a', 0.75],
      ['b', 0],
    ]);
  });
});

describe('statistics that a rule asks for', () => {
  it('are judged from what was sent since the rule asked, and say so until then', async () => {
    const values = Array.from({ length: 100 }, (_, n): [number, number] => [t0 + n * 100, n + 1]);
    const asking = runtimeOf({
      sources,
      rules: { p95: sampleRule({ statistic: 'p95' }), slow: sampleRule({ share: { above: 90 } }) },
    });
    await foldValues(asking, values);
    const [p95, slow] = await ask(asking, t0, t0 + minute);
    const [point] = seriesOf(p95)[0]?.points ?? [];
    expect(Math.abs((point?.value ?? 0) - 95)).toBeLessThanOrEqual(point?.errorBound ?? 0);
    expect(seriesOf(slow)[0]?.points).toEqual([{ at: t0 + minute, value: 0.1, count: 100 }]);

    const before = runtimeOf({ sources, rules: { mean: sampleRule({ statistic: 'mean' }) } });
    await foldValues(before, values);
    const later = { ...asking, ports: { ...asking.ports, store: before.ports.store, sources: before.ports.sources } };
    expect(seriesOf((await ask(later, t0, t0 + minute))[0])[0]?.points[0]?.refused).toContain('before a rule asked');
  });
});

describe('scores and predicted numbers', () => {
  const regression: ConfigInput['sources'] = {
    flights: { kind: 'predictions', model: 'flight-delays', predicts: 'numbers', score: 'number' },
  };

  it('are judged by percentile and by share, as proportions of what was scored or predicted', async () => {
    const runtime = runtimeOf({
      sources: regression,
      rules: {
        p90: predictionRule({ metric: 'prediction', statistic: 'p90' }),
        high: predictionRule({ metric: 'score', share: { above: 0.8 } }),
      },
    });
    const records = Array.from({ length: 100 }, (_, n) => prediction(t0 + n, { prediction: n + 1, id: `p${n}` }));
    await fold(
      runtime,
      records.map((one, n) => (n < 50 ? { ...one, score: n / 50 } : { ...one, score: undefined })),
    );
    await fold(runtime, records.slice(0, 10));
    const [p90, high] = await ask(runtime, t0, t0 + hour);
    const [point] = seriesOf(p90)[0]?.points ?? [];
    expect(point?.count).toBe(100);
    expect(Math.abs((point?.value ?? 0) - 90)).toBeLessThanOrEqual(point?.errorBound ?? 0);
    expect(seriesOf(high)[0]?.points).toEqual([{ at: t0 + hour, value: 9 / 50, count: 50 }]);
  });

  it('are refused for predictions that came before a rule asked', async () => {
    const before = runtimeOf({ sources: regression, rules: {} });
    await fold(before, [prediction(t0, { prediction: 3 }), prediction(t0, { prediction: 4 })]);
    const asking = runtimeOf({ sources: regression, rules: { p90: predictionRule({ metric: 'prediction', statistic: 'p90' }) } });
    const later = { ...asking, ports: { ...asking.ports, store: before.ports.store, sources: before.ports.sources } };
    expect(seriesOf((await ask(later, t0, t0 + hour))[0])[0]?.points[0]?.refused).toContain('before a rule asked');
  });
});

describe('values of features', () => {
  const declared: ConfigInput['sources'] = {
    flights: {
      kind: 'predictions',
      model: 'flight-delays',
      schema: { amount: { type: 'number' }, constructor: { type: 'integer' as const }, city: { type: 'category' } },
      segments: { city: ['B'] },
    },
  };
  const features = ['amount', 'constructor'];
  const rules = {
    p90: predictionRule({ metric: 'feature', features, statistic: 'p90' }),
    high: predictionRule({ metric: 'feature', features: ['amount'], share: { above: 90 }, by: ['city'] }),
  };
  const records = Array.from({ length: 110 }, (_, n) =>
    prediction(t0 + n, {
      id: `p${n}`,
      // The last ten have no number: what is missing, and what has another type, is not of them.
      features: {
        amount: n < 100 ? n + 1 : n % 2 === 0 ? null : 'much',
        constructor: n < 100 ? 1 : 1.5,
        city: n < 50 ? 'B' : 'C',
      },
    }),
  );

  it('are judged by percentile and by share, one series a feature, whatever it is called', async () => {
    const runtime = runtimeOf({ sources: declared, rules });
    await fold(runtime, records.slice(0, 60));
    await fold(runtime, records.slice(60));
    await fold(runtime, records.slice(0, 10));
    const [p90, high] = await ask(runtime, t0, t0 + hour);
    const found = new Map(seriesOf(p90).map(({ labels, points }) => [labels['feature'], points[0]]));
    const amount = found.get('amount');
    expect(amount?.count).toBe(100);
    expect(Math.abs((amount?.value ?? 0) - 90)).toBeLessThanOrEqual(amount?.errorBound ?? 0);
    expect(found.get('constructor')).toMatchObject({ count: 100, value: expect.closeTo(1, 2) });
    const byCity = new Map(seriesOf(high).map(({ labels, points }) => [labels['city'], points[0]]));
    expect(byCity.get('B')).toEqual({ at: t0 + hour, value: 0, count: 50 });
    expect(byCity.get('other')).toEqual({ at: t0 + hour, value: 0.2, count: 50 });
  });

  it('are kept where a rule asks, and refused for predictions that came before', async () => {
    const before = runtimeOf({ sources: declared, rules: {} });
    await fold(before, records);
    const stored = await before.ports.store.series('flights', 'predictions');
    const [buckets] = await before.ports.store.buckets(stored.map((series) => ({ series, from: t0 - hour, to: t0 + hour })));
    expect(buckets?.[0]?.summary).not.toHaveProperty('spreads');
    const asking = runtimeOf({ sources: declared, rules });
    const later = { ...asking, ports: { ...asking.ports, store: before.ports.store, sources: before.ports.sources } };
    expect(seriesOf((await ask(later, t0, t0 + hour))[0])[0]?.points[0]?.refused).toContain('before a rule asked');
  });
});
