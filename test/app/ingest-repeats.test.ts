import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ingestLabels, ingestPredictions, ingestSamples } from '../../app/ingest/ingest.ts';
import type { Store } from '../../app/ports/store.ts';
import type { ConfigInput } from '../../core/config/schema.ts';
import { configOf, day, hour, minute, type Runtime, runtimeOf, t0 } from './runtime.ts';

type Sources = NonNullable<ConfigInput['sources']>;
const flights: Sources[string] = { kind: 'predictions', model: 'flights', labelWait: '2d', retain: '30d' };
const churn: Sources[string] = { kind: 'predictions', model: 'churn', retain: '30d' };
const pushed: Sources[string] = { kind: 'samples', retain: '30d' };
const body = (records: readonly unknown[], idempotencyKey?: string, sender?: string) => ({
  contentType: 'application/json',
  text: JSON.stringify(records),
  idempotencyKey,
  sender,
});

/** How many samples, predictions and labels count, over all sources. */
async function counted({ ports }: Runtime): Promise<{ samples: number; predictions: number; labels: number }> {
  const sum = { samples: 0, predictions: 0, labels: 0 };
  for (const [source, metric] of [
    ['pushed', 'errors'],
    ['flights', 'predictions'],
    ['churn', 'predictions'],
  ] as const) {
    const series = await ports.store.series(source, metric);
    const lists = await ports.store.buckets(series.map((one) => ({ series: one, from: 0, to: 9e15 })));
    for (const { summary } of lists.flat()) {
      if (summary.kind === 'values') sum.samples += summary.count;
      if (summary.kind === 'predictions') {
        sum.predictions += summary.count;
        sum.labels += summary.labelled;
      }
    }
  }
  return sum;
}

/**
 * Lets only so many folds through; the next one breaks off, before it is carried out or before its
 * answer comes.
 */
function breaksAfter(store: Store, folds: number, carriedOut: boolean): Store {
  let left = folds;
  return {
    ...store,
    async fold(batch) {
      if (left > 0) {
        left -= 1;
        return store.fold(batch);
      }
      if (carriedOut) await store.fold(batch);
      throw new Error('broken off');
    },
  };
}

describe('a batch that broke off, and comes again under another config', () => {
  const records = Array.from({ length: 300 }, (_, n) => ({
    metric: 'errors',
    value: 1,
    timestamp: t0 - n * hour,
    model: n % 3 === 0 ? 'churn' : 'flights',
    prediction: n % 2,
    label: 1,
  }));
  const withIds = records.map((record, n) => ({ ...record, id: `p${n}` }));
  const sent = {
    samples: (run: Runtime) => ingestSamples(run.ports, undefined, body(records, 'k'), t0),
    predictions: (run: Runtime) => ingestPredictions(run.ports, undefined, body(records, 'k'), t0),
    'predictions with ids': (run: Runtime) => ingestPredictions(run.ports, undefined, body(withIds), t0),
    labels: (run: Runtime) => ingestLabels(run.ports, undefined, body(records, 'k'), t0),
  };
  const both = { flights, churn, pushed };
  const expected = {
    samples: { samples: 300, predictions: 0, labels: 0 },
    predictions: { samples: 0, predictions: 300, labels: 300 },
    'predictions with ids': { samples: 0, predictions: 300, labels: 300 },
    labels: { samples: 0, predictions: 0, labels: 300 },
  };
  const changes: Record<string, Sources> = {
    'the buckets are wider': {
      flights: { ...flights, bucket: '4h' },
      churn: { ...churn, bucket: '4h' },
      pushed: { ...pushed, bucket: '4h' },
    },
    'the buckets are narrower': {
      flights: { ...flights, bucket: '1m' },
      churn: { ...churn, bucket: '1m' },
      pushed: { ...pushed, bucket: '1s' },
    },
    'a source was added, and segments': {
      ...both,
      flights: { ...flights, segments: { country: ['DE', 'FR'] } },
      third: { kind: 'predictions', model: 'third' },
    },
  };

  for (const [change, sources] of Object.entries(changes)) {
    it.each(Object.keys(sent) as (keyof typeof sent)[])(`counts each of its %s once: ${change}`, async (kind) => {
      for (const [folds, carriedOut] of [
        [0, false],
        [0, true],
        [1, false],
        [2, true],
      ] as const) {
        const run = runtimeOf({ sources: both });
        const { store } = run.ports;
        run.ports.store = breaksAfter(store, folds, carriedOut);
        await expect(sent[kind](run)).rejects.toThrow('broken off');
        const later = runtimeOf({}, { store });
        later.ports.config = configOf({ sources });
        const { accepted, duplicates, rejected } = await sent[kind](later);
        expect([accepted + duplicates, rejected]).toEqual([300, []]);
        expect(await counted(later)).toEqual(expected[kind]);
        expect(await sent[kind](later)).toMatchObject({ accepted: 0, duplicates: 300, repeated: true });
        expect(await counted(later)).toEqual(expected[kind]);
        await store.close();
      }
    });
  }

  it('goes on where a second source of samples made the sender name the first', async () => {
    const run = runtimeOf({ sources: { pushed } });
    const { store } = run.ports;
    run.ports.store = breaksAfter(store, 1, false);
    await expect(sent.samples(run)).rejects.toThrow('broken off');
    const later = runtimeOf({ sources: { pushed, more: pushed } }, { store });
    await expect(sent.samples(later)).rejects.toThrow(/name one of pushed, more with \?source= \(on the command line --source\)/);
    await ingestSamples(later.ports, 'pushed', body(records, 'k'), t0);
    expect(await counted(later)).toEqual(expected.samples);
    await store.close();
  });
});

describe('only what was counted is a duplicate', () => {
  const prediction = (n: number, timestamp: unknown) => ({ id: `p${n}`, timestamp, prediction: 1 });

  it.each(['k', undefined])('a refused prediction counts when it comes again later, key %s', async (key) => {
    const run = runtimeOf({ sources: { flights } });
    const records = [prediction(1, t0), prediction(2, t0 + hour), prediction(3, t0 - 40 * day)];
    expect(await ingestPredictions(run.ports, undefined, body(records, key), t0)).toMatchObject({ accepted: 1 });
    expect(await ingestPredictions(run.ports, undefined, body(records, key), t0 + hour)).toMatchObject({
      accepted: 1,
      duplicates: 1,
      rejected: [{ index: 2 }],
      repeated: false,
    });
    expect(await counted(run)).toMatchObject({ predictions: 2 });
  });

  it('a mended prediction counts when it comes again with its batch, and the rest does not', async () => {
    const run = runtimeOf({ sources: { flights } });
    await ingestPredictions(run.ports, undefined, body([prediction(1, t0), prediction(2, 'noon')]), t0);
    const mended = body([prediction(1, t0), prediction(2, t0)]);
    expect(await ingestPredictions(run.ports, undefined, mended, t0)).toMatchObject({ accepted: 1, duplicates: 1 });
    expect(await counted(run)).toMatchObject({ predictions: 2 });
  });

  it('of records without a key or an id, each counts as often as it comes', async () => {
    const run = runtimeOf({ sources: { flights } });
    const records = [{ timestamp: t0, prediction: 1 }, prediction(1, t0)];
    await ingestPredictions(run.ports, undefined, body(records), t0);
    // The one with an id is known by it.
    expect(await ingestPredictions(run.ports, undefined, body(records), t0)).toMatchObject({ accepted: 1, duplicates: 1 });
    expect(await counted(run)).toMatchObject({ predictions: 3 });
  });

  it('by any way of breaking off, repeating at once, and letting time pass', async () => {
    const step = fc.record({
      breakAfter: fc.option(fc.nat(4)),
      carriedOut: fc.boolean(),
      atOnce: fc.integer({ min: 1, max: 3 }),
    });
    const offsets = fc.array(fc.integer({ min: -200, max: 3 }), { minLength: 1, maxLength: 250 });
    await fc.assert(
      fc.asyncProperty(offsets, fc.array(step, { maxLength: 4 }), async (hours, steps) => {
        const run = runtimeOf({ sources: { pushed: { ...pushed, bucket: '1h' } } });
        const { store } = run.ports;
        const sent = body(
          hours.map((offset) => ({ metric: 'errors', value: 1, timestamp: t0 + offset * hour })),
          'k',
        );
        for (const [n, { breakAfter, carriedOut, atOnce }] of steps.entries()) {
          run.ports.store = breakAfter === null ? store : breaksAfter(store, breakAfter, carriedOut);
          const now = t0 + n * hour;
          await Promise.allSettled(Array.from({ length: atOnce }, () => ingestSamples(run.ports, undefined, sent, now)));
        }
        run.ports.store = store;
        const last = await ingestSamples(run.ports, undefined, sent, t0 + 4 * hour);
        expect(last.accepted + last.duplicates).toBe(hours.length);
        expect(await counted(run)).toMatchObject({ samples: hours.length });
        await store.close();
      }),
      { numRuns: 40 },
    );
  });

  it('a key is free again once none of its records could be taken any more', async () => {
    const run = runtimeOf({ sources: { pushed } });
    const at = (timestamp: number) => body([{ metric: 'errors', value: 1, timestamp }], 'daily');
    await ingestSamples(run.ports, undefined, at(t0), t0);
    const later = t0 + 40 * day;
    expect(await ingestSamples(run.ports, undefined, at(later), later)).toMatchObject({ accepted: 1 });
    expect(await ingestSamples(run.ports, undefined, at(later), later)).toMatchObject({ accepted: 0, repeated: true });
    await expect(ingestSamples(run.ports, undefined, at(later - minute), later)).rejects.toThrow(
      /used before with other content/,
    );
  });
});
