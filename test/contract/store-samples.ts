import { expect, it } from 'vitest';
import type { Store } from '../../app/ports/store.ts';
import { emptyHistogram, mergeHistograms } from '../../core/statistics/exponential-histogram.ts';
import { type FeatureValue, mergeProfiles, profileOf } from '../../core/telemetry/profiles/profile.ts';
import type { BatchMark } from '../../core/telemetry/samples/batch-mark.ts';
import type { Waiting } from '../../core/telemetry/samples/fold.ts';
import { noOutcomes } from '../../core/telemetry/samples/outcome-sums.ts';
import { noScores } from '../../core/telemetry/samples/score-sums.ts';
import type { SeriesRef } from '../../core/telemetry/samples/summary.ts';
import { detailOf } from '../../core/telemetry/samples/value-detail.ts';
import { asEffectId } from '../../core/vocabulary/ids.ts';
import {
  committed,
  day,
  delta,
  exampleBatch,
  exampleMark,
  examplePageEffect,
  examplePredictions,
  exampleProfile,
  exampleSeries,
  exampleValues,
  exampleWaiting,
  exampleWake,
  minute,
  t0,
} from './store-examples.ts';

const keeps = { histogram: true, readings: true };

export type StoreTraits = {
  /**
   * Whether `prune` drops what has expired, or the database does that by itself some time later.
   */
  prunes: boolean;
};

export function samplesContract(store: () => Store, traits: StoreTraits): void {
  const bucketsOf = async (series: SeriesRef, from = t0, to = t0 + day) =>
    (await store().buckets([{ series, from, to }]))[0] ?? [];
  let batches = 0;
  /** Folds under a new id, and fails the test when that is refused. */
  const folded = async (...deltas: ReturnType<typeof delta>[]): Promise<void> => {
    batches += 1;
    const result = await store().fold(exampleBatch({ id: `example ${batches}`, deltas }));
    if (result !== 'folded') throw new Error(`expected an example to be folded; received ${result}`);
  };

  it('sums what several batches saw of one bucket', async () => {
    const series = exampleSeries();
    await folded(delta(series, t0, exampleValues()));
    await folded(delta(series, t0, exampleValues({ count: 1, sum: -5, min: -5, max: -5, last: -5, lastAt: t0 + 9 })));
    await folded(delta(series, t0, exampleValues({ count: 1, sum: 7, min: 7, max: 7, last: 7, lastAt: t0 })));
    expect(await bucketsOf(series)).toEqual([
      { start: t0, summary: { kind: 'values', count: 4, sum: 0.1 + 0.2 - 5 + 7, min: -5, max: 7, last: -5, lastAt: t0 + 9 } },
    ]);
  });

  it('keeps how values are spread, and readings of counters, beside the numbers of a bucket', async () => {
    const series = exampleSeries({ service: 'scorer' }, 'requests_total');
    const one = (value: number, at: number) =>
      exampleValues({ count: 1, sum: value, min: value, max: value, last: value, lastAt: at, ...detailOf(value, at, keeps) });
    const values = [5, 7, -3, 0, 1e-300];
    for (const [n, value] of values.entries()) await folded(delta(series, t0, one(value, t0 + n)));
    await folded(delta(series, t0 + minute, exampleValues()));
    const [first, second] = await bucketsOf(series);
    const summary = first?.summary.kind === 'values' ? first.summary : undefined;
    expect(summary?.readings).toEqual(values.flatMap((value, n) => [t0 + n, value]));
    const expected = values.map((value) => detailOf(value, t0, keeps).histogram ?? emptyHistogram());
    expect(summary?.histogram).toEqual(expected.reduce(mergeHistograms));
    expect(second?.summary).toEqual(exampleValues());
  });

  it('keeps how scores and predicted numbers are spread', async () => {
    const series = exampleSeries({ model: 'churn' }, 'predictions');
    const spreadOf = (value: number) => detailOf(value, t0, keeps).histogram ?? emptyHistogram();
    await folded(delta(series, t0, examplePredictions({ spreads: { score: spreadOf(0.5), prediction: spreadOf(3) } })));
    await folded(delta(series, t0, examplePredictions({ spreads: { score: spreadOf(0.25) } })));
    const [bucket] = await bucketsOf(series);
    expect(bucket?.summary).toMatchObject({
      spreads: { score: mergeHistograms(spreadOf(0.5), spreadOf(0.25)), prediction: spreadOf(3) },
    });
  });

  it('sums predictions and their features, whatever these are called', async () => {
    const series = exampleSeries({ model: 'flight-delays' }, 'predictions');
    const features = (names: string[]) => Object.fromEntries(names.map((name) => [name, { seen: 10, nulls: 1 }]));
    const some = ['distance', '__proto__', 'constructor', 'Größe 精度 🛬'];
    await folded(delta(series, t0, examplePredictions({ features: features(some) })));
    await folded(delta(series, t0, examplePredictions({ features: features([...some, 'toString']) })));
    await folded(delta(series, t0 + minute, examplePredictions({ features: {} })));
    const [first, second] = await bucketsOf(series);
    expect(first?.summary).toMatchObject({ count: 20, labelled: 8, correct: 6, positive: 4, scored: 20, scoreSum: 8.4 });
    const summed = first?.summary.kind === 'predictions' ? Object.entries(first.summary.features) : [];
    const doubled = some.map((name) => [name, { seen: 20, nulls: 2 }]);
    expect(summed.toSorted()).toEqual([...doubled, ['toString', { seen: 10, nulls: 1 }]].toSorted());
    expect(second?.summary).toEqual(examplePredictions({ features: {} }));
  });

  it('sums what predictions and labels say of one another, to the last bit', async () => {
    const series = exampleSeries({ model: 'flight-delays' }, 'predictions');
    const outcomes = {
      ...noOutcomes(),
      truePositive: 3,
      falseNegative: 1,
      numeric: 4,
      errorSum: -1,
      probable: 4,
      logLossSum: 1 / 3,
    };
    const scores = { ...noScores(), probable: 4, probabilitySum: 0.1 + 0.2, bins: [7, 1, 2] };
    const features = { distance: { seen: 9, nulls: 1, outOfRange: 2 }, __proto: { seen: 1, nulls: 0 } };
    const stakes = { valued: 9, sum: 0.1 + 0.2, labelled: 4, labelledSum: 0.1, wrongSum: 0 };
    const more = { outcomes, scores, stakes, features, duplicates: 2, newestAt: t0 + 5 };
    await folded(delta(series, t0, examplePredictions(more)), delta(series, t0 + minute, examplePredictions()));
    expect((await bucketsOf(series)).map(({ summary }) => summary)).toEqual([examplePredictions(more), examplePredictions()]);
    const bins = [99, 4, 0, 7, 0, 1];
    const other = { outcomes, stakes, scores: { ...scores, bins }, features: { distance: { seen: 1, nulls: 0, unseen: 1 } } };
    await folded(
      delta(series, t0, examplePredictions({ ...other, newestAt: t0 + 9 })),
      delta(series, t0 + minute, examplePredictions(more)),
    );
    expect((await bucketsOf(series)).map(({ summary }) => summary)).toMatchObject([
      {
        count: 20,
        outcomes: { truePositive: 6, falsePositive: 0, errorSum: -2, logLossSum: 2 / 3 },
        scores: { probable: 8, probabilitySum: 2 * (0.1 + 0.2), bins: [99, 4, 0, 7, 1, 3] },
        features: { distance: { seen: 10, nulls: 1, outOfRange: 2, unseen: 1 } },
        stakes: { valued: 18, sum: 2 * (0.1 + 0.2), labelled: 8, labelledSum: 0.2, wrongSum: 0 },
        duplicates: 2,
        newestAt: t0 + 9,
      },
      { outcomes, scores, stakes, duplicates: 2, newestAt: t0 + 5 },
    ]);
  });

  it('counts a batch that comes twice once', async () => {
    const series = exampleSeries();
    const batch = exampleBatch({
      deltas: [delta(series, t0, exampleValues())],
      waiting: [{ value: exampleWaiting(), was: undefined }],
    });
    expect(await store().fold(batch)).toBe('folded');
    expect(await store().fold(batch)).toBe('duplicate');
    const changed = exampleBatch({
      deltas: [delta(series, t0, exampleValues()), delta(exampleSeries({ host: 'b' }), t0, exampleValues())],
      waiting: [{ value: exampleWaiting({ state: 'joined' }), was: 'prediction' }],
    });
    expect(await store().fold(changed)).toBe('duplicate');
    expect(await bucketsOf(series)).toEqual([{ start: t0, summary: exampleValues() }]);
    expect(await store().series('app', 'latency')).toEqual([series]);
    expect(await store().waiting(['app|p-1'])).toEqual([exampleWaiting()]);
  });

  it('writes the mark of a batch over the one before it, and over no other', async () => {
    const deltas = [delta(exampleSeries(), t0, exampleValues({ count: 1 }))];
    const fold = (changes: Partial<BatchMark>) => store().fold(exampleBatch({ mark: exampleMark(changes), deltas }));
    expect(await store().batchMark('batch-1')).toBeUndefined();
    expect(await fold({ version: 2 })).toBe('duplicate');
    expect(await fold({ version: 1 })).toBe('folded');
    expect(await store().batchMark('batch-1')).toEqual(exampleMark());
    const second = exampleMark({ version: 2, counted: '03', source: 'app', keepUntil: t0 + 2 * day });
    expect(await fold(second)).toBe('folded');
    for (const version of [1, 2, 4]) expect(await fold({ version, counted: 'ff' })).toBe('duplicate');
    expect(await store().batchMark('batch-1')).toEqual(second);
    expect((await bucketsOf(exampleSeries()))[0]?.summary.count).toBe(2);
  });

  it('keeps the marks of batches with ids of any length and text apart', async () => {
    const ids = ['a', JSON.stringify(['key:精度', 'samples', 'key', 'x'.repeat(2000)]), `${'x'.repeat(3000)}\ud800`];
    for (const [n, id] of ids.entries()) {
      expect(await store().fold(exampleBatch({ mark: exampleMark({ id, content: String(n) }) }))).toBe('folded');
    }
    for (const [n, id] of ids.entries()) expect((await store().batchMark(id))?.content).toBe(String(n));
  });

  it('counts what has no mark as often as it comes', async () => {
    const batch = exampleBatch({ mark: undefined, deltas: [delta(exampleSeries(), t0, exampleValues({ count: 1 }))] });
    for (let n = 0; n < 3; n += 1) expect(await store().fold(batch)).toBe('folded');
    expect((await bucketsOf(exampleSeries()))[0]?.summary.count).toBe(3);
  });

  it('merges the profiles of several batches, and gives them back as they are', async () => {
    const series = exampleSeries({ model: 'flight-delays', part: '0' }, 'profile');
    const batches: FeatureValue[][] = [
      [1.5, -2, null, 1e280],
      ['red', 'blue', 'red', true],
      [0, 5e-324, 1 / 3],
    ];
    for (const values of batches) await folded(delta(series, t0, exampleProfile(values)));
    await folded(delta(series, t0, exampleProfile([1], '__proto__')), delta(series, t0 + day, exampleProfile([7])));
    const [first, second] = await bucketsOf(series, t0, t0 + 2 * day);
    const whole = [batches[0], batches[1], batches[2]].map((values) => profileOf(values ?? [])).reduce(mergeProfiles);
    expect(first?.summary).toMatchObject({ kind: 'profile', count: 12 });
    const features = first?.summary.kind === 'profile' ? new Map(Object.entries(first.summary.features)) : new Map();
    expect(features.get('distance')).toEqual(whole);
    expect(features.get('__proto__')).toEqual(profileOf([1]));
    expect(second).toEqual({ start: t0 + day, summary: exampleProfile([7]) });
    await expect(store().fold(exampleBatch({ id: 'mixed', deltas: [delta(series, t0, exampleValues())] }))).rejects.toThrow(
      'cannot merge',
    );
  });

  it('counts one batch that arrives several times at once once', async () => {
    const batch = exampleBatch({ deltas: [delta(exampleSeries(), t0, exampleValues())] });
    const results = await Promise.all([1, 2, 3, 4].map(() => store().fold(batch)));
    expect(results.filter((result) => result === 'folded')).toHaveLength(1);
    expect(await bucketsOf(exampleSeries())).toEqual([{ start: t0, summary: exampleValues() }]);
  });

  it('loses nothing of batches that meet at one bucket', async () => {
    const results = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const batch = exampleBatch({ id: `b${n}`, deltas: [delta(exampleSeries(), t0, exampleValues({ count: 1, sum: 1 }))] });
        let result = await store().fold(batch);
        while (result === 'conflict') result = await store().fold(batch);
        return result;
      }),
    );
    expect(results).toEqual(Array(6).fill('folded'));
    expect((await bucketsOf(exampleSeries()))[0]?.summary).toMatchObject({ count: 6, sum: 6 });
  });

  it('folds nothing when a waiting prediction is no longer as it was read', async () => {
    const series = exampleSeries();
    const deltas = [delta(series, t0, exampleValues())];
    const joined = exampleWaiting({ state: 'joined', series: undefined, bucketStart: undefined, prediction: undefined });
    expect(await store().fold(exampleBatch({ deltas, waiting: [{ value: joined, was: 'prediction' }] }))).toBe('conflict');
    expect(await store().fold(exampleBatch({ waiting: [{ value: exampleWaiting(), was: undefined }] }))).toBe('folded');
    expect(await store().fold(exampleBatch({ id: 'b2', deltas, waiting: [{ value: exampleWaiting(), was: undefined }] }))).toBe(
      'conflict',
    );
    expect(await store().fold(exampleBatch({ id: 'b2', deltas, waiting: [{ value: joined, was: 'label' }] }))).toBe('conflict');
    expect(await bucketsOf(series)).toEqual([]);
    expect(await store().fold(exampleBatch({ id: 'b2', deltas, waiting: [{ value: joined, was: 'prediction' }] }))).toBe(
      'folded',
    );
    expect(await store().waiting(['app|p-1'])).toEqual([joined]);
    expect(await bucketsOf(series)).toHaveLength(1);
  });

  it('folds nothing when another has replaced the label since it was read', async () => {
    const first = exampleWaiting({ state: 'joined', label: '1' });
    const fold = (value: Waiting, was: string | undefined, id: string) =>
      store().fold(exampleBatch({ id, waiting: [{ value, was }], deltas: [delta(exampleSeries(), t0, exampleValues())] }));
    expect(await fold(first, undefined, 'b1')).toBe('folded');
    const replaced = [{ label: '1', at: t0 }];
    expect(await fold({ ...first, label: '2', revision: 1, replaced }, 'joined', 'b2')).toBe('folded');
    expect(await fold({ ...first, label: '3', revision: 1, replaced }, 'joined', 'b3')).toBe('conflict');
    const second = { ...first, label: '3', revision: 2, replaced: [...replaced, { label: '2', at: t0 }] };
    expect(await fold(second, 'joined 1', 'b3')).toBe('folded');
    expect(await store().waiting(['app|p-1'])).toEqual([second]);
  });

  it('takes back what a replaced label counted', async () => {
    const series = exampleSeries({ model: 'm' }, 'predictions');
    const labelled = { labelled: 1, correct: 1, scores: { ...noScores(), bins: [50, 0, 1] } };
    const nothing = { count: 0, positive: 0, scored: 0, scoreSum: 0, features: {} };
    await store().fold(exampleBatch({ id: 'b1', deltas: [delta(series, t0, examplePredictions(labelled))] }));
    const back = { labelled: 0, correct: -1, scores: { ...noScores(), bins: [50, 1, -1] } };
    await store().fold(exampleBatch({ id: 'b2', deltas: [delta(series, t0, examplePredictions({ ...nothing, ...back }))] }));
    expect((await bucketsOf(series))[0]?.summary).toMatchObject({ labelled: 1, correct: 0, scores: { bins: [50, 1, 0] } });
    const unmatched = exampleSeries({ model: 'm' }, 'labels unmatched');
    const one = (value: number) => exampleValues({ count: 1, sum: value, min: value, max: value, last: value, lastAt: t0 });
    for (const [n, value] of [-1, 1].entries())
      await store().fold(exampleBatch({ id: `u${n}`, deltas: [delta(unmatched, t0, one(value))] }));
    expect((await bucketsOf(unmatched))[0]?.summary).toMatchObject({ count: 2, sum: 0 });
  });

  it('answers for waiting predictions in the order of the keys, of any length', async () => {
    const long = `app|${'精'.repeat(1500)}`;
    const broken = ['app|\ud800', 'app|\ud801'];
    const values = ['app|a', long, `${long}!`, ...broken].map((key, n) => exampleWaiting({ key, prediction: String(n) }));
    await store().fold(exampleBatch({ waiting: values.map((value) => ({ value, was: undefined })) }));
    const read = await store().waiting(['none', broken[1], `${long}!`, 'app|a', long, broken[0], 'app|a'] as string[]);
    expect(read.map((one) => one?.prediction)).toEqual([undefined, '4', '2', '0', '1', '3', '0']);
    expect(await store().waiting([])).toEqual([]);
    expect(await store().waiting(Array.from({ length: 250 }, (_, n) => `app|${n}`))).toEqual(Array(250).fill(undefined));
  });

  it('reads the buckets of from <= start < to, oldest first, for each read', async () => {
    const [a, b] = [exampleSeries({ host: 'a' }), exampleSeries({ host: 'b' })];
    for (const n of [3, 0, 12, 1, 2]) await folded(delta(a, t0 + n * minute, exampleValues({ count: n })));
    await folded(delta(b, t0, exampleValues({ count: 100 })));
    const read = await store().buckets([
      { series: a, from: t0 + minute, to: t0 + 3 * minute },
      { series: exampleSeries({ host: 'none' }), from: t0, to: t0 + day },
      { series: b, from: t0 - day, to: t0 + 1 },
      { series: a, from: t0 + 2 * minute, to: t0 + day },
      { series: a, from: 0, to: t0 + day },
      { series: a, from: t0 + day, to: t0 },
    ]);
    expect(read.map((list) => list.map(({ summary }) => summary.count))).toEqual([
      [1, 2],
      [],
      [100],
      [2, 3, 12],
      [0, 1, 2, 3, 12],
      [],
    ]);
    expect(await store().buckets([])).toEqual([]);
  });

  it('shows what is folded after a first reading, whether newer, older or into the same bucket', async () => {
    const series = exampleSeries();
    const counts = async () => (await bucketsOf(series, t0 - day)).map(({ summary }) => summary.count);
    await folded(delta(series, t0 + minute, exampleValues({ count: 1 })));
    expect((await bucketsOf(series, t0 + minute)).length).toBe(1);
    await folded(
      delta(series, t0 - minute, exampleValues({ count: 5 })),
      delta(series, t0 + 2 * minute, exampleValues({ count: 2 })),
    );
    await folded(delta(series, t0 + minute, exampleValues({ count: 10 })));
    expect(await counts()).toEqual([5, 11, 2]);
    await folded(delta(series, t0, exampleValues({ count: 7 })));
    expect(await counts()).toEqual([5, 7, 11, 2]);
  });

  it('keeps what it holds when a reader changes what it was given', async () => {
    const series = exampleSeries();
    const summary = exampleValues();
    await folded(delta(series, t0, summary));
    summary.count = 99;
    const read = await bucketsOf(series);
    for (const bucket of read) bucket.start = bucket.summary.count = 0;
    read.length = 0;
    (await store().series('app', 'latency')).length = 0;
    expect(await bucketsOf(series)).toEqual([{ start: t0, summary: exampleValues() }]);
    expect(await store().series('app', 'latency')).toHaveLength(1);
  });

  it('keeps sums to the last bit, also where they overflow', async () => {
    const series = exampleSeries();
    const huge = 1.7976931348623157e308;
    const tiny = exampleValues({ sum: 5e-324, min: 5e-324, max: 2 ** 53 + 2, last: 1 / 3 });
    await folded(delta(series, t0, tiny), delta(series, t0 + minute, exampleValues({ sum: huge, max: huge })));
    await folded(delta(series, t0 + minute, exampleValues({ sum: huge, max: huge })));
    expect((await bucketsOf(series)).map(({ summary }) => summary)).toEqual([
      tiny,
      exampleValues({ count: 4, sum: Number.POSITIVE_INFINITY, max: huge }),
    ]);
  });

  it('refuses to mix values and predictions in one bucket, and changes nothing then', async () => {
    const series = exampleSeries();
    await folded(delta(series, t0, exampleValues()));
    const mixed = exampleBatch({
      deltas: [delta(series, t0 + minute, exampleValues()), delta(series, t0, examplePredictions())],
    });
    await expect(store().fold(mixed)).rejects.toThrow('cannot merge');
    expect(await bucketsOf(series)).toEqual([{ start: t0, summary: exampleValues() }]);
    expect(await store().fold({ ...mixed, deltas: [] })).toBe('folded');
  });

  it('lists the series of a source and metric, by key', async () => {
    const [a, b, other] = [
      exampleSeries({ host: 'a' }),
      exampleSeries({ host: 'b', zone: '精度' }),
      exampleSeries({ host: 'a' }, 'errors'),
    ];
    await folded(delta(b, t0, exampleValues()), delta(other, t0, exampleValues()));
    expect(await store().series('app', 'latency')).toEqual([b]);
    await folded(delta(a, t0, exampleValues()), delta(b, t0 + minute, exampleValues()));
    expect(await store().series('app', 'latency')).toEqual([a, b]);
    expect(await store().series('app', 'errors')).toEqual([other]);
    expect(await store().series('other', 'latency')).toEqual([]);
    expect(await store().metrics('app')).toEqual(['errors', 'latency']);
    expect(await store().metrics('other')).toEqual([]);
  });

  it('keeps series with long labels apart', async () => {
    const [a, b] = ['a', 'b'].map((end) => exampleSeries({ long: 'ä'.repeat(3000) + end }));
    if (a === undefined || b === undefined) throw new Error('expected two series');
    await folded(delta(a, t0, exampleValues({ count: 1 })), delta(b, t0, exampleValues({ count: 2 })));
    expect((await bucketsOf(b))[0]?.summary.count).toBe(2);
    expect(await store().series('app', 'latency')).toEqual([a, b]);
  });

  it('knows which series came first, who brought it, and when it last sent', async () => {
    const [z, a] = [exampleSeries({ host: 'z' }), exampleSeries({ host: 'a' })];
    await store().fold(exampleBatch({ id: '1', at: t0 + minute, by: 'key:one', deltas: [delta(z, t0, exampleValues())] }));
    const later = [delta(a, t0, exampleValues()), delta(z, t0 + 2 * minute, exampleValues(), t0 + 3 * day)];
    await store().fold(exampleBatch({ id: '2', at: t0 + 2 * minute, by: 'key:two', deltas: later }));
    const known = new Map((await store().arrivals('app', 'latency')).map((one) => [one.key, one]));
    expect(known.size).toBe(2);
    expect(known.get(z.key)?.arrival).toBeLessThan(known.get(a.key)?.arrival ?? 0);
    expect([known.get(z.key), known.get(a.key)]).toMatchObject([
      { by: 'key:one', lastAt: t0 + 2 * minute },
      { by: 'key:two', lastAt: t0 },
    ]);
    expect(await store().series('app', 'latency')).toEqual([a, z]);
    expect(await store().arrivals('app', 'errors')).toEqual([]);
  });

  it('takes as much as one batch may bring, and reads a thousand series at once', async () => {
    const series = Array.from({ length: 1000 }, (_, n) => exampleSeries({ host: String(n).padStart(4, '0') }));
    for (let from = 0; from < series.length; from += 89) {
      await folded(...series.slice(from, from + 89).map((one) => delta(one, t0, exampleValues())));
    }
    expect(await store().series('app', 'latency')).toEqual(series);
    const read = await store().buckets(series.map((one) => ({ series: one, from: t0, to: t0 + minute })));
    expect(read.flat()).toHaveLength(1000);
  });

  it('drops what has expired', async ({ skip }) => {
    skip(!traits.prunes, 'the database drops expired items by itself, at a time of its own');
    const [series, old] = [exampleSeries(), exampleSeries({ host: 'old' })];
    await folded(delta(series, t0, exampleValues(), t0 + minute), delta(series, t0 + minute, exampleValues(), t0 + 2 * minute));
    await folded(delta(old, t0, exampleValues(), t0 + minute));
    const batch = exampleBatch({
      id: 'short',
      keepUntil: t0 + minute,
      waiting: [{ value: exampleWaiting({ expiresAt: t0 + minute }), was: undefined }],
    });
    await store().fold(batch);
    await committed(store(), { effects: [examplePageEffect(), exampleWake()] });
    await committed(store(), { done: [asEffectId('inc-1#1#0')] });
    expect(await bucketsOf(series)).toHaveLength(2);

    expect(await store().prune(t0 + minute - 1)).toBe(0);
    expect(await store().prune(t0 + minute)).toBe(4);
    expect((await bucketsOf(series)).map(({ start }) => start)).toEqual([t0 + minute]);
    expect(await store().series('app', 'latency')).toEqual([series]);
    expect(await store().waiting(['app|p-1'])).toEqual([undefined]);
    expect(await store().effect(asEffectId('inc-1#1#0'))).toBeDefined();
    expect(await store().fold(batch)).toBe('folded');

    expect(await store().prune(t0 + 30 * day)).toBeGreaterThan(3);
    expect(await store().effect(asEffectId('inc-1#1#0'))).toBeUndefined();
    expect(await store().effect(asEffectId('inc-1#1#1'))).toMatchObject({ done: false });
    await folded(delta(old, t0, exampleValues({ count: 3 })));
    expect((await bucketsOf(old))[0]?.summary.count).toBe(3);
    expect(await store().series('app', 'latency')).toEqual([old]);
  });
}
