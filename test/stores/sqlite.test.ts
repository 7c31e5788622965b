import { expect, it } from 'vitest';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { storeContract } from '../contract/store.ts';
import { delta, exampleBatch, exampleSeries, exampleValues, minute, t0 } from '../contract/store-examples.ts';
import { inMemoryAsTheModel, reopenedAsTheModel } from './sqlite-model.ts';

storeContract(
  'SQLite in memory',
  async () => {
    const store = sqliteStore({ path: ':memory:' });
    return { store, close: () => store.close() };
  },
  { prunes: true },
);

// A few; sqlite-model.slow.test.ts tries many.
it('SQLite gives the same answers as the model, whatever happens to it', () => inMemoryAsTheModel(75));

it.each([0, 2, 12, 1_000_000])(
  'SQLite gives the same answers when it is closed and opened between, with %i buckets in memory',
  (cachedBuckets) => reopenedAsTheModel(cachedBuckets, 10),
);

it('SQLite reads from memory what it reads from the file, when far more is read than memory may hold', async () => {
  const store = sqliteStore({ path: ':memory:', cachedBuckets: 100 });
  const series = Array.from({ length: 30 }, (_, n) => exampleSeries({ host: String(n).padStart(2, '0') }));
  for (let n = 0; n < 20; n += 1) {
    const deltas = series.map((one) => delta(one, t0 + n * minute, exampleValues({ count: n })));
    await store.fold(exampleBatch({ id: `b${n}`, deltas }));
  }
  const reads = series.map((one) => ({ series: one, from: t0, to: t0 + 20 * minute }));
  for (let times = 0; times < 2; times += 1) {
    const counts = (await store.buckets(reads)).map((list) => list.map(({ summary }) => summary.count));
    expect(counts).toEqual(series.map(() => Array.from({ length: 20 }, (_, n) => n)));
  }
  await store.close();
});
