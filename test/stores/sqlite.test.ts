import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sqliteStore } from '../../stores/sqlite/index.ts';
import { storeContract } from '../contract/store.ts';
import { delta, exampleBatch, exampleSeries, exampleValues, minute, t0 } from '../contract/store-examples.ts';
import { behavesAsTheModel } from '../contract/store-operations.ts';

storeContract(
  'SQLite in memory',
  async () => {
    const store = sqliteStore({ path: ':memory:' });
    return { store, close: () => store.close() };
  },
  { prunes: true },
);

it('SQLite gives the same answers as the model, whatever happens to it', async () => {
  const open = async () => {
    const store = sqliteStore({ path: ':memory:' });
    return { store, close: () => store.close() };
  };
  await behavesAsTheModel(open, { numRuns: 300, prunes: true });
});

it.each([0, 2, 12, 1_000_000])(
  'SQLite gives the same answers when it is closed and opened between, with %i buckets in memory',
  async (cachedBuckets) => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-model-'));
    let runs = 0;
    const open = async () => {
      runs += 1;
      const options = {
        path: join(folder, `${runs}.db`),
        durability: 'normal',
        cachedBuckets,
        cachedAlerts: cachedBuckets,
        cachedBriefs: cachedBuckets,
      } as const;
      let store = sqliteStore(options);
      const restart = async () => {
        await store.close();
        store = sqliteStore(options);
        return store;
      };
      return { store, restart, close: () => store.close() };
    };
    await behavesAsTheModel(open, { numRuns: 40, prunes: true });
    rmSync(folder, { recursive: true });
  },
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
