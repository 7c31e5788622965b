import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IngestError, ingestLabels, ingestPredictions, ingestSamples } from '../../app/ingest/ingest.ts';
import type { Store } from '../../app/ports/store.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { labelMetrics } from '../../core/telemetry/samples/label-arrivals.ts';
import type { Bucket } from '../../core/telemetry/samples/summary.ts';
import { day, hour, minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

const sources: ConfigInput['sources'] = {
  flights: { kind: 'predictions', model: 'flight-delays', labelWait: '2d', retain: '30d' },
  pushed: { kind: 'samples' },
};
const body = (records: readonly unknown[], idempotencyKey?: string) => ({
  contentType: 'application/json',
  text: JSON.stringify(records),
  idempotencyKey,
});
const predict = ({ ports }: Runtime, records: readonly unknown[], now = t0, key?: string) =>
  ingestPredictions(ports, 'flights', body(records, key), now);
const label = ({ ports }: Runtime, records: unknown[], now = t0, key?: string) =>
  ingestLabels(ports, 'flights', body(records, key), now);

/** Everything that is stored of a source, by series. */
async function bucketsOf({ ports }: Runtime, source = 'flights', metric = 'predictions'): Promise<Record<string, Bucket[]>> {
  const series = await ports.store.series(source, metric);
  const lists = await ports.store.buckets(series.map((one) => ({ series: one, from: 0, to: 9e15 })));
  return Object.fromEntries(series.map(({ key }, i) => [key, lists[i] ?? []]));
}
/** Takes the number of duplicates out of a bucket that was read. */
function takeDuplicates(bucket: Bucket): number {
  if (bucket.summary.kind !== 'predictions') return 0;
  const { duplicates = 0, ...summary } = bucket.summary;
  bucket.summary = summary;
  return duplicates;
}
async function totals(run: Runtime): Promise<[count: number, labelled: number, correct: number]> {
  const sum: [number, number, number] = [0, 0, 0];
  for (const { summary } of Object.values(await bucketsOf(run)).flat()) {
    if (summary.kind !== 'predictions') continue;
    sum[0] += summary.count;
    sum[1] += summary.labelled;
    sum[2] += summary.correct;
  }
  return sum;
}

/** The sum of what is kept of labels, by the time at which they came. */
async function arrived(run: Runtime, metric: keyof typeof labelMetrics): Promise<number> {
  const lists = Object.values(await bucketsOf(run, 'flights', labelMetrics[metric]));
  return lists.flat().reduce((sum, { summary }) => sum + (summary.kind === 'values' ? summary.sum : Number.NaN), 0);
}
const unmatched = (run: Runtime): Promise<number> => arrived(run, 'unmatched');

const nothing = { accepted: 0, corrected: 0, unmatched: 0, duplicates: 0, rejected: [], unlisted: 0, repeated: false };

describe('a batch that is sent again', () => {
  const records = Array.from({ length: 300 }, (_, i) => ({ timestamp: t0 - i * hour, prediction: i % 2, label: 1 }));

  it('counts once', async () => {
    const run = runtimeOf({ sources });
    expect(await predict(run, records, t0, 'k')).toEqual({ ...nothing, accepted: 300 });
    expect(await predict(run, records, t0 + day, 'k')).toEqual({ ...nothing, duplicates: 300, repeated: true });
    expect(await totals(run)).toEqual([300, 300, 150]);
  });

  it('counts twice under two keys, and once under one, for the sender knows best', async () => {
    const run = runtimeOf({ sources });
    await predict(run, records, t0, 'monday');
    await predict(run, records, t0, 'tuesday');
    await predict(run, records, t0, 'monday');
    expect(await totals(run)).toEqual([600, 600, 300]);
  });

  it('after it broke off at any call of the store counts once', async () => {
    const withIds = records.map((record, i) => ({ ...record, id: `p${i}` }));
    for (const [given, key] of [
      [records, 'k'],
      [withIds, undefined],
    ] as const) {
      for (let breakAt = 1; breakAt <= 6; breakAt += 1) {
        const run = runtimeOf({ sources });
        const { store } = run.ports;
        let calls = 0;
        // The odd ones break before they are carried out, the even ones before the answer arrives.
        const fold: Store['fold'] = async (batch) => {
          calls += 1;
          if (calls === breakAt && breakAt % 2 === 1) throw new Error('broken off');
          const outcome = await store.fold(batch);
          if (calls === breakAt) throw new Error('broken off');
          return outcome;
        };
        run.ports.store = { ...store, fold };
        await predict(run, given, t0, key).catch((error: unknown) => expect(String(error)).toBe('Error: broken off'));
        run.ports.store = store;
        await predict(run, given, t0 + minute, key);
        expect(await totals(run)).toEqual([300, 300, 150]);
        await store.close();
      }
    }
  });
});

describe('a label', () => {
  it('that comes late finds its prediction by id, once', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ id: 7, timestamp: t0, prediction: 'late' }]);
    expect(await label(run, [{ id: '7', label: 'late' }], t0 + day)).toEqual({ ...nothing, accepted: 1 });
    expect(await label(run, [{ id: '7', label: ' late' }], t0 + day)).toEqual({ ...nothing, duplicates: 1 });
    expect(await totals(run)).toEqual([1, 1, 1]);
    const [[bucket] = []] = Object.values(await bucketsOf(run));
    expect(bucket?.start).toBe(t0);
  });

  it('is counted at once where its prediction was made in the bucket that has not ended yet', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ id: 'x', timestamp: t0 + minute, prediction: 1 }], t0 + 2 * minute);
    expect(await label(run, [{ id: 'x', label: 1 }], t0 + 2 * minute)).toEqual({ ...nothing, accepted: 1 });
    expect(await totals(run)).toEqual([1, 1, 1]);
  });

  it('that comes first waits for its prediction', async () => {
    const run = runtimeOf({ sources });
    expect(await label(run, [{ id: 'x', label: 0 }])).toEqual({ ...nothing, unmatched: 1 });
    expect(await unmatched(run)).toBe(1);
    await predict(run, [{ id: 'x', timestamp: t0, prediction: false }], t0 + day);
    expect(await totals(run)).toEqual([1, 1, 1]);
    expect(await unmatched(run)).toBe(0);
  });

  it('may carry the prediction itself, however late it is', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ timestamp: t0, prediction: 1, version: 'a' }]);
    await label(run, [{ timestamp: t0, version: 'a', prediction: 1, label: 1 }], t0 + 20 * day);
    expect(await totals(run)).toEqual([1, 1, 1]);
  });

  it('after labelWait no longer finds its prediction', async () => {
    const run = runtimeOf({ sources });
    await predict(run, [{ id: 'x', timestamp: t0, prediction: 1 }]);
    expect(await label(run, [{ id: 'x', label: 1 }], t0 + 2 * day)).toEqual({ ...nothing, unmatched: 1 });
    expect(await label(run, [{ id: 'x', label: '1' }], t0 + 2 * day)).toEqual({ ...nothing, duplicates: 1 });
    expect(await totals(run)).toEqual([1, 0, 0]);
    expect(await unmatched(run)).toBe(1);
  });

  it('that is sent by two at once counts once', async () => {
    const run = runtimeOf({ sources });
    const ids = Array.from({ length: 120 }, (_, i) => `p${i}`);
    await predict(
      run,
      ids.map((id) => ({ id, timestamp: t0, prediction: 1 })),
    );
    const sent = await Promise.all(
      ['a', 'b', 'c'].map((key) =>
        label(
          run,
          ids.map((id) => ({ id, label: 1 })),
          t0 + hour,
          key,
        ),
      ),
    );
    expect(sent.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(120);
    expect(sent.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(240);
    expect(await totals(run)).toEqual([120, 120, 120]);
  });
});

describe('bad records', () => {
  it('are refused one by one with their place and the reason, and the others count', async () => {
    const run = runtimeOf({ sources });
    const text = `{"timestamp": ${t0 - 2 * hour}, "prediction": 1}
{"timestamp": ${t0}, "prediction": 1, "score": NaN}
{"timestamp": ${t0 - 9 * hour}, "prediction": 1, "score": 1e999}
{"timestamp": "yesterday", "prediction": 1}
{"timestamp": ${t0 + hour}, "prediction": 1}
{"timestamp": ${t0 - 31 * day}, "prediction": 1}
{"timestamp": ${t0 - 9 * hour}, "prediction": 1, "model": "other"}
{"timestamp": ${t0 - 9 * hour}, "prediction": 1}
{"timestamp": ${t0 - 9 * hour}`;
    const result = await ingestPredictions(run.ports, undefined, { contentType: 'application/x-ndjson', text }, t0);
    expect(result.accepted).toBe(2);
    expect(result.rejected.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6, 8]);
    const reasons = [
      /^line 2: expected one JSON record; received "NaN}"/,
      /^score: expected a finite number; received Infinity/,
      /^timestamp: expected ISO 8601 text .* received "yesterday"/,
      /ahead of the clock, more than maxFuture 10m/,
      /is older than the 30d that the source retains/,
      /^model: expected flight-delays, .* received other/,
      /^line 9: .*ends too early/,
    ];
    for (const [place, reason] of reasons.entries()) expect(result.rejected[place]?.reason).toMatch(reason);
  });

  it('in a body that is no JSON at all leave nothing', async () => {
    const run = runtimeOf({ sources });
    const sent = ingestSamples(run.ports, undefined, { contentType: undefined, text: '[{"metric": ' }, t0);
    await expect(sent).rejects.toThrow(IngestError);
    await expect(sent).rejects.toThrow(/ends too early/);
    await expect(ingestPredictions(run.ports, 'nowhere', body([]), t0)).rejects.toThrow(
      /expected a source of predictions \(flights\); received nowhere/,
    );
  });

  it('that overflow a sum stay finite', async () => {
    const run = runtimeOf({ sources });
    const records = Array.from({ length: 10 }, () => ({ metric: 'm', value: 1e100, timestamp: t0 }));
    const result = await ingestSamples(
      run.ports,
      'pushed',
      body([...records, { metric: 'm', value: 1.7e308, timestamp: t0 }]),
      t0,
    );
    expect(result).toMatchObject({
      accepted: 10,
      rejected: [{ index: 10, reason: expect.stringMatching(/at most 1e\+100 in size/) }],
    });
    const [[bucket] = []] = Object.values(await bucketsOf(run, 'pushed', 'm'));
    expect(bucket?.summary).toMatchObject({ count: 10, max: 1e100, sum: expect.closeTo(1e101, -90) });
  });
});

describe('any way of sending the same records', () => {
  const record = fc.record({
    at: fc.integer({ min: 0, max: 4 }),
    prediction: fc.boolean(),
    label: fc.option(fc.boolean()),
    version: fc.constantFrom('a', 'b'),
  });
  const sending = fc.record({
    records: fc.array(record, { minLength: 1, maxLength: 30 }),
    cuts: fc.array(fc.nat(30), { maxLength: 5 }),
    labelsFirst: fc.boolean(),
    seed: fc.integer(),
  });

  const shuffled = <T>(list: T[], seed: number): T[] => {
    let state = seed >>> 0;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    return list
      .map((value) => ({ value, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ value }) => value);
  };
  const parts = <T>(list: T[], cuts: number[]): T[][] => {
    const at = [...new Set([0, ...cuts.map((cut) => Math.min(cut, list.length)), list.length])].sort((a, b) => a - b);
    return at.slice(1).map((end, i) => list.slice(at[i], end));
  };

  it('gives the same buckets: split, repeated, reordered, labels before or after', async () => {
    await fc.assert(
      fc.asyncProperty(sending, async ({ records, cuts, labelsFirst, seed }) => {
        const predictions = records.map(({ at, prediction, version }, i) => ({
          id: `p${i}`,
          timestamp: t0 - at * hour,
          prediction,
          version,
        }));
        const labels = records.flatMap(({ label: truth }, i) => (truth === null ? [] : [{ id: `p${i}`, label: truth }]));
        const plain = runtimeOf({ sources });
        await predict(plain, predictions);
        await label(plain, labels);

        const other = runtimeOf({ sources });
        const sendPredictions = async (): Promise<void> => {
          // Every part twice, and everything once more under another key: ids make them count once.
          for (const part of parts(shuffled(predictions, seed), cuts))
            await predict(other, part).then(() => predict(other, part));
          await predict(other, shuffled(predictions, seed + 1), t0, 'again');
        };
        const sendLabels = async (): Promise<void> => {
          for (const part of parts(shuffled(labels, seed), cuts)) await label(other, part).then(() => label(other, part));
        };
        if (labelsFirst) await sendLabels();
        await sendPredictions();
        await sendLabels();
        const [once, often] = [await bucketsOf(plain), await bucketsOf(other)];
        // What came once more under another key is counted, but not among the predictions.
        expect(
          Object.values(often)
            .flat()
            .map(takeDuplicates)
            .reduce((a, b) => a + b, 0),
        ).toBe(predictions.length);
        expect(often).toEqual(once);
        await Promise.all([plain.ports.store.close(), other.ports.store.close()]);
      }),
      { numRuns: 60 },
    );
  });

  it('of samples without ids, split and reordered', async () => {
    const sample = fc.record({
      at: fc.integer({ min: 0, max: 200_000 }),
      value: fc.integer({ min: -9, max: 9 }),
      host: fc.constantFrom('a', 'b'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(sample, { selector: ({ at }) => at, maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 4 }),
        fc.integer(),
        async (given, cuts, seed) => {
          const records = given.map(({ at, value, host }) => ({ metric: 'm', timestamp: t0 - at, value, labels: { host } }));
          const plain = runtimeOf({ sources });
          await ingestSamples(plain.ports, 'pushed', body(records), t0);
          const other = runtimeOf({ sources });
          for (const part of parts(shuffled(records, seed), cuts)) await ingestSamples(other.ports, 'pushed', body(part), t0);
          expect(await bucketsOf(other, 'pushed', 'm')).toEqual(await bucketsOf(plain, 'pushed', 'm'));
          await Promise.all([plain.ports.store.close(), other.ports.store.close()]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
